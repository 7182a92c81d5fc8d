package dev.thumbnet.engine.backend.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.contract.Trial.Call;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.reference.ReferenceBackend;
import dev.thumbnet.engine.testing.Numbers;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The tools of the contract tests find what they are there to find. */
class TrialTest {
  private static final int LENGTH = 5;

  /** The wrong call only goes wrong on this backend, not on the one that gives the right answer. */
  private final Backend suspect = new ReferenceBackend();

  private void finds(String message, Call wrong) {
    Trial trial =
        new Trial(
                "affine",
                new double[][] {{1, 2, 3, 4, 5}},
                new int[] {LENGTH},
                (b, in, out) -> {
                  if (b == suspect) {
                    wrong.run(b, in, out);
                  } else {
                    b.affine(LENGTH, 2, in[0], 1, out[0]);
                  }
                },
                (in, expected) -> new double[][] {{.1, .1, .1, .1, .1}})
            .mayBeInPlaceOf(0);
    if (message == null) {
      trial.check(suspect);
    } else {
      assertThatThrownBy(() -> trial.check(suspect))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void acceptsWhatIsCloseEnough() {
    finds(null, (b, in, out) -> b.affine(LENGTH, 2, in[0], 1.05, out[0]));
  }

  @Test
  void findsWrongNumbersAndGaps() {
    finds("5 of 5", (b, in, out) -> b.affine(LENGTH, 2, in[0], 1.2, out[0]));
    finds("first [4] expected 11", (b, in, out) -> b.affine(LENGTH - 1, 2, in[0], 1, out[0]));
  }

  @Test
  void findsWritesBehindTheEnd() {
    finds("behind the end", (b, in, out) -> b.affine(LENGTH + 1, 2, in[0], 1, out[0]));
    finds("behind the end", (b, in, out) -> b.fill(out[0], LENGTH + 19, 3));
  }

  @Test
  void findsChangedInputs() {
    finds(
        "input 0 must stay",
        (b, in, out) -> {
          b.affine(LENGTH, 2, in[0], 1, out[0]);
          b.fill(in[0], 1, 9);
        });
  }

  @Test
  void findsTroubleInPlace() {
    finds(
        "in place of input 0",
        (b, in, out) -> {
          b.fill(out[0], LENGTH, 1);
          b.linearCombination(LENGTH, 2, in[0], 1, out[0], out[0]);
        });
  }

  @Test
  void everythingMeansEveryPrimitive() {
    Set<String> tried = new HashSet<>();
    Trials.everything().forEach(t -> tried.add(t.method()));
    Set<String> others =
        Set.of(
            "name",
            "describe",
            "gpu",
            "allocate",
            "release",
            "trim",
            "cold",
            "warmUp",
            "upload",
            "download",
            "bind",
            "record",
            "close");
    for (var method : Backend.class.getMethods()) {
      assertThat(tried.contains(method.getName()) || others.contains(method.getName()))
          .as(method.getName())
          .isTrue();
    }
  }

  /** The sampled check agrees with the reference and notices a single wrong kernel element. */
  @Test
  void sampledConvolutionsAreTheReferences() {
    for (String line :
        new String[] {
          "n2 h7 w9 c4 k6 r3 s2 st2x1 p1x0 g2",
          "n1 h6 w6 c3 k5 r3 s3 p1",
          "n2 h9 w8 c3 k2 r2 s3 st1x2 p1 d2x1"
        }) {
      Conv2dProblem p = Conv2dProblem.parse(line);
      double[][] x = new double[3][];
      double[][] y = new double[3][];
      int i = 0;
      for (Trial trial : ConvTrials.conv2d(p, 1).subList(0, 3)) {
        x[i] = trial.inputs()[i == 1 ? 1 : 0];
        y[i++] = Trial.reference(trial, in -> in)[0];
      }
      double[] dy = ConvTrials.conv2d(p, 1).get(1).inputs()[0];
      SampledConv sampled = new SampledConv(p, 50, 3);
      sampled.checkForward(x[0], x[1], null, y[0]);
      sampled.checkBackwardData(dy, x[1], y[1]);
      sampled.checkBackwardWeights(x[2], dy, y[2]);

      double[] otherWeight = x[1].clone();
      otherWeight[p.k() - 1] += 0.1;
      assertThatThrownBy(() -> sampled.checkForward(x[0], otherWeight, null, y[0]))
          .isInstanceOf(AssertionError.class);
      double[] otherDy = dy.clone();
      Arrays.fill(otherDy, 0, p.k(), 0.5);
      assertThatThrownBy(() -> sampled.checkBackwardWeights(x[2], otherDy, y[2]))
          .isInstanceOf(AssertionError.class);
      double[] biased = y[0].clone();
      double[] bias = Numbers.normal(1, p.k());
      for (int at = 0; at < biased.length; at++) {
        biased[at] += bias[at % p.k()];
      }
      sampled.checkForward(x[0], x[1], bias, biased);
    }
  }

  @Test
  void shrinkingKeepsTheKindOfProblem() {
    for (Conv2dProblem p : Problems.conv2d().toList()) {
      Conv2dProblem small = Problems.shrink(p, 2_000_000);
      assertThat(small.macs()).as(p.toString()).isLessThanOrEqualTo(2_000_000);
      assertThat(small.kh()).isEqualTo(p.kh());
      assertThat(small.strideH()).isEqualTo(p.strideH());
      assertThat(small.groups()).isEqualTo(p.groups());
      assertThat(small.outH()).isGreaterThanOrEqualTo(Math.min(2, p.outH()));
    }
  }
}
