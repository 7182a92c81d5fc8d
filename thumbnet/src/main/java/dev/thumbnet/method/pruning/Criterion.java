package dev.thumbnet.method.pruning;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Chooses filters of a convolution without looking at pictures. */
@FunctionalInterface
interface Criterion {
  /**
   * Chooses.
   *
   * @param weight of the convolution, (kh, kw, in, out)
   * @param count how many of its outputs stay
   * @param rng draws
   */
  Choice choose(Tensor weight, int count, Rng rng);

  /**
   * Li et al. (ICLR 2017): the filters stay whose weights have the largest L1 norms, s[k] = Σ over
   * a, b, c of |w[a][b][c][k]|; of equals those with the lowest indices.
   */
  static Choice largestNorms(Tensor weight, int count, Rng rng) {
    double[] norms = new double[weight.dim(-1)];
    double[] values = weight.toDoubleArray();
    for (int i = 0; i < values.length; i++) {
      norms[i % norms.length] += Math.abs(values[i]);
    }
    List<Integer> order =
        IntStream.range(0, norms.length)
            .boxed()
            .sorted(Comparator.comparingDouble(k -> -norms[k]))
            .toList();
    return Choice.of(order.subList(0, count));
  }

  /** Any filters, all with the same probability. */
  static Choice random(Tensor weight, int count, Rng rng) {
    return Choice.of(Arrays.stream(rng.permutation(weight.dim(-1))).limit(count).boxed().toList());
  }
}
