package dev.thumbnet.engine.testing;

import static dev.thumbnet.engine.testing.Close.assertClose;
import static dev.thumbnet.engine.testing.Close.assertSameBits;
import static dev.thumbnet.engine.testing.Close.assertWithin;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Comparisons of the tests accept what is within the bound and say what is wrong where. */
class CloseTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  private static void refuses(double expected, double actual, double allowed) {
    assertThatThrownBy(
            () ->
                assertWithin(
                    "x", new double[] {expected}, new double[] {actual}, new double[] {allowed}))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void acceptsUpToTheBound() {
    assertClose("x", new double[] {1, -100, 0}, new double[] {1.25, -100.25, 0.25}, 0.25, 0);
    assertClose("x", new double[] {-100}, new double[] {-101}, 0.01);
    assertClose("x", new double[] {NAN, INF, -INF}, new double[] {NAN, INF, -INF}, 0, 0.5);
    refuses(1, 1.3, 0.25);
    refuses(0, -1e-300, 0);
  }

  @Test
  void refusesNanAndInfinityInTheWrongPlace() {
    refuses(1, NAN, INF);
    refuses(NAN, 1, INF);
    refuses(INF, 1e300, INF);
    refuses(INF, -INF, INF);
    refuses(1e300, INF, 1e300);
    assertThatThrownBy(() -> assertClose("x", new double[] {INF}, new double[] {1}, 0, 1))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void saysWhatIsWrongWhere() {
    assertThatThrownBy(
            () ->
                assertClose("conv n1 h2", new double[] {1, 2, 3, 4}, new double[] {1, 3, 3, 9}, 0))
        .hasMessageContaining("conv n1 h2")
        .hasMessageContaining("2 of 4")
        .hasMessageContaining("first [1] expected 2")
        .hasMessageContaining("worst [3] expected 4")
        .hasMessageContaining("but was 9");
    assertThatThrownBy(() -> assertClose("x", new double[2], new double[3], 1))
        .hasMessageContaining("3 elements instead of 2");
  }

  @Test
  void comparesBits() {
    assertSameBits("x", new double[] {NAN, 0.1}, new double[] {NAN, 0.1});
    assertThatThrownBy(() -> assertSameBits("x", new double[] {0.0}, new double[] {-0.0}))
        .hasMessageContaining("[0]");
    assertThatThrownBy(() -> assertSameBits("x", new double[] {1}, new double[] {1, 2}))
        .hasMessageContaining("nothing");
  }
}
