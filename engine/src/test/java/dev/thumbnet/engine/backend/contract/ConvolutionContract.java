package dev.thumbnet.engine.backend.contract;

import static dev.thumbnet.engine.testing.Close.assertClose;
import static dev.thumbnet.engine.testing.Numbers.absDot;
import static dev.thumbnet.engine.testing.Numbers.dot;
import static dev.thumbnet.engine.testing.Numbers.uniform;

import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import dev.thumbnet.engine.testing.Close;
import dev.thumbnet.engine.testing.Host;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolution, its gradients and the matrix product. */
public interface ConvolutionContract extends BackendSource {

  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.Problems#smallConv2d")
  default void convolutionsOfTheList(Conv2dProblem p) {
    ConvTrials.conv2d(p, p.hashCode()).forEach(t -> t.check(backend()));
  }

  /** The product of stride and dilation does not fit an int. */
  @Test
  default void farDistances() {
    Conv2dProblem p = Conv2dProblem.parse("n1 h2 w3 c2 k3 r1 s1 st65535 d65537");
    ConvTrials.conv2d(p, 1).forEach(t -> t.check(backend()));
  }

  @Property(tries = 60)
  default void randomConvolutions(
      @ForAll(supplier = RandomProblems.Conv.class) Conv2dProblem p, @ForAll int seed) {
    ConvTrials.conv2d(p, seed).forEach(t -> t.check(backend()));
  }

  @Property(tries = 40)
  default void randomThreeByThree(
      @ForAll(supplier = RandomProblems.Conv3x3.class) Conv2dProblem p, @ForAll int seed) {
    ConvTrials.conv2d(p, seed).forEach(t -> t.check(backend()));
  }

  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.Problems#gemm")
  default void productsOfTheList(GemmProblem p) {
    ConvTrials.gemm(p, 1).forEach(t -> t.check(backend()));
  }

  @Property(tries = 60)
  default void randomProducts(
      @ForAll(supplier = RandomProblems.Gemm.class) GemmProblem p, @ForAll int seed) {
    ConvTrials.gemm(p, seed).forEach(t -> t.check(backend()));
  }

  /** ⟨conv(x, w), dy⟩ = ⟨x, dx⟩ = ⟨w, dw⟩, without the reference. */
  @Property(tries = 30)
  default void convolutionGradientsAreAdjoint(
      @ForAll(supplier = RandomProblems.Conv.class) Conv2dProblem p, @ForAll int seed) {
    Host host = new Host(backend());
    double[] x = uniform(seed, p.inputSize(), -1, 1);
    double[] weight = uniform(seed + 1L, p.weightSize(), -1, 1);
    double[] dy = uniform(seed + 2L, p.outputSize(), -1, 1);
    Storage y = host.room(p.outputSize());
    Storage dx = host.room(p.inputSize());
    Storage dWeight = host.room(p.weightSize());
    backend().conv2d(p, host.put(x), host.put(weight), null, y);
    backend().conv2dBackwardData(p, host.put(dy), host.put(weight), dx);
    backend().conv2dBackwardWeights(p, host.put(x), host.put(dy), dWeight);
    double expected = dot(host.get(y), dy);
    double terms = (double) p.outputSize() * p.kh() * p.kw() * p.c() / p.groups();
    double allowed = 16 * Close.FLOAT * Math.sqrt(terms) + 1e-6 * Math.sqrt(absDot(dy, dy));
    assertClose(p + " dx", expected, dot(host.get(dx), x), allowed, 1e-6);
    assertClose(p + " dw", expected, dot(host.get(dWeight), weight), allowed, 1e-6);
  }

  /** Sums of numbers of one sign: the partial sums grow, and careless ones lose digits. */
  @Test
  default void longSumsOfPositiveNumbersStayAccurate() {
    for (String line :
        new String[] {
          "n1 h7 w7 c512 k32 r3 s3 p1", "n1 h4 w4 c4096 k16 r1 s1", "n4 h60 w60 c3 k16 r3 s3 st2"
        }) {
      Conv2dProblem p = Conv2dProblem.parse(line);
      for (Trial trial : ConvTrials.conv2d(p, 1)) {
        double[][] positive = trial.inputs().clone();
        for (int i = 0; i < positive.length; i++) {
          positive[i] = uniform(i, positive[i].length, 0, 1);
        }
        trial.withInputs(positive).check(backend());
      }
    }
  }
}
