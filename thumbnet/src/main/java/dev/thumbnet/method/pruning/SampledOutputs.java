package dev.thumbnet.method.pruning;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Classifier.InnerConvolution;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.train.TrainingData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Outputs of a convolution at places that are drawn: ten training pictures of each class, as far as
 * there are so many, ten positions in each, as far as the map has so many, and at each position as
 * many filters as it takes to have ten equations for each input channel. For a thousand classes
 * that is the one filter of ThiNet's authors; for ten, one filter would not decide the scales of
 * hundreds of channels.
 */
final class SampledOutputs {
  /** Pictures of a class. */
  static final int PICTURES = 10;

  /** Positions in a picture. */
  static final int POSITIONS = 10;

  /** Equations for each channel, at least, if there are enough filters. */
  static final int EQUATIONS = 10;

  private final Classifier network;
  private final InnerConvolution convolution;
  private final Conv2d next;
  private final Device device;
  private final Rng rng;

  /**
   * Prepares the sampling.
   *
   * @param network is put into evaluation mode
   * @param convolution one of its inner convolutions: the outputs are those of the one after it
   * @param device of the network
   * @param rng draws
   */
  SampledOutputs(Classifier network, InnerConvolution convolution, Device device, Rng rng) {
    this.network = network;
    this.convolution = convolution;
    this.next = convolution(network, convolution.next());
    this.device = device;
    this.rng = rng;
    network.eval();
  }

  private static Conv2d convolution(Module network, String path) {
    Module module = network;
    for (String name : path.split("\\.")) {
      module = module.children().getOrDefault(name, module);
    }
    if (module instanceof Conv2d found) {
      return found;
    }
    throw new IllegalArgumentException(path + " is no convolution");
  }

  /**
   * Returns what each channel contributes to each sampled output.
   *
   * @param data of which training pictures are seen, shown as in use, not varied
   * @param batchSize pictures at a time
   */
  Equations equations(TrainingData data, int batchSize) {
    Equations equations = new Equations(convolution.channels());
    List<Integer> pictures = pictures(data.train());
    for (int from = 0; from < pictures.size(); from += batchSize) {
      List<Integer> batch = pictures.subList(from, Math.min(from + batchSize, pictures.size()));
      try (TensorScope _ = new TensorScope()) {
        add(equations, input(shown(data, batch)), pictures.size());
      }
    }
    return equations;
  }

  /** Draws pictures, as many of each class. */
  private List<Integer> pictures(DataSet set) {
    int[] ofClass = new int[set.classes().size()];
    List<Integer> drawn = new ArrayList<>();
    for (int index : rng.permutation(set.size())) {
      if (ofClass[set.label(index)]++ < PICTURES) {
        drawn.add(index);
      }
    }
    return drawn;
  }

  private Tensor shown(TrainingData data, List<Integer> pictures) {
    Preprocessing shown = data.preprocessing();
    int size = shown.size();
    float[] pixels = new float[pictures.size() * size * size * 3];
    for (int i = 0; i < pictures.size(); i++) {
      shown
          .normalize()
          .apply(data.train().get(pictures.get(i), shown::crop), pixels, i * size * size * 3);
    }
    return Tensor.of(device, pixels, pictures.size(), size, size, 3);
  }

  /**
   * Returns what the next convolution is given for pictures: in the history of the logits, the
   * operand that goes with its weight.
   */
  Tensor input(Tensor pictures) {
    Tensor weight = next.weight().tensor();
    for (Op op : Autograd.history(network.forward(pictures))) {
      List<Tensor> operands = op.operands();
      if (operands.size() > 1 && operands.get(1) == weight) {
        return operands.getFirst();
      }
    }
    throw new IllegalStateException("the logits do not depend on " + convolution.next());
  }

  private void add(Equations equations, Tensor input, int pictures) {
    Conv2dProblem problem = next.options().problem(input.shape(), next.weight().tensor().shape());
    float[] x = input.toArray();
    float[] weight = next.weight().tensor().toArray();
    int places = problem.outH() * problem.outW();
    int positions = Math.min(POSITIONS, places);
    int filters = Math.ceilDiv(EQUATIONS * problem.c(), pictures * positions);
    double[] contributions = new double[problem.c()];
    for (int picture = 0; picture < problem.n(); picture++) {
      for (int place : draw(places, positions)) {
        for (int filter : draw(problem.k(), filters)) {
          contribute(problem, x, weight, picture, place, filter, contributions);
          equations.add(contributions);
        }
      }
    }
  }

  /** Draws so many different numbers below a bound, or all of them. */
  private Set<Integer> draw(int bound, int count) {
    Set<Integer> drawn = new LinkedHashSet<>();
    while (drawn.size() < Math.min(bound, count)) {
      drawn.add(rng.nextInt(bound));
    }
    return drawn;
  }

  /**
   * Computes the terms of an output of a convolution of one group,
   *
   * <pre>t[c] = Σ over a, b of x[n][i·stride − pad + a·dilation][j·stride − pad + b·dilation][c]
   *            · w[a][b][c][k]</pre>
   *
   * so that the output is their sum over c, plus a bias.
   *
   * @param picture n
   * @param place i · outW + j
   * @param filter k
   * @param terms receives t
   */
  static void contribute(
      Conv2dProblem problem,
      float[] x,
      float[] weight,
      int picture,
      int place,
      int filter,
      double[] terms) {
    Arrays.fill(terms, 0);
    int top = place / problem.outW() * problem.strideH() - problem.pad().top();
    int left = place % problem.outW() * problem.strideW() - problem.pad().left();
    for (int a = 0; a < problem.kh(); a++) {
      int row = top + a * problem.dilationH();
      for (int b = 0; b < problem.kw(); b++) {
        int column = left + b * problem.dilationW();
        if (row >= 0 && row < problem.h() && column >= 0 && column < problem.w()) {
          int pixel = ((picture * problem.h() + row) * problem.w() + column) * problem.c();
          int tap = (a * problem.kw() + b) * problem.c();
          for (int c = 0; c < problem.c(); c++) {
            terms[c] += (double) x[pixel + c] * weight[(tap + c) * problem.k() + filter];
          }
        }
      }
    }
  }
}
