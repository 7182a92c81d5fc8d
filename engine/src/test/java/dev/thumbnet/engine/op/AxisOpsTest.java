package dev.thumbnet.engine.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Arrangements by hand, and what is said of arguments that make no sense. */
final class AxisOpsTest {
  private static Tensor numbers(int... dims) {
    Tensor x = Tensor.zeros(Device.reference(), dims);
    double[] values = new double[x.size()];
    Arrays.setAll(values, i -> i);
    x.copyFrom(values);
    return x;
  }

  @Test
  void transposeWithoutAxesReversesThem() {
    Tensor y = Ops.transpose(numbers(2, 3));
    assertThat(y.shape().toArray()).containsExactly(3, 2);
    assertThat(y.toDoubleArray()).containsExactly(0, 3, 1, 4, 2, 5);
  }

  @Test
  void depthToSpaceMakesSquaresOfTheFirstChannels() {
    Tensor y = Ops.depthToSpace(numbers(1, 1, 2, 8), 2);
    assertThat(y.shape().toArray()).containsExactly(1, 2, 4, 2);
    assertThat(y.toDoubleArray())
        .containsExactly(0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15);
    assertThat(Ops.spaceToDepth(y, 2).toDoubleArray())
        .isEqualTo(numbers(1, 1, 2, 8).toDoubleArray());
  }

  @Test
  void padsAndCropsInOneCall() {
    Tensor y = Ops.pad(numbers(2, 3), new int[] {0, -1}, new int[] {1, 2}, 7);
    assertThat(y.shape().toArray()).containsExactly(3, 4);
    assertThat(y.toDoubleArray()).containsExactly(1, 2, 7, 7, 4, 5, 7, 7, 7, 7, 7, 7);
  }

  @Test
  void mirrorsAndEdges() {
    Tensor x = numbers(1, 3);
    int[] before = {0, 2};
    int[] after = {0, 1};
    assertThat(Ops.pad(x, before, after, PadMode.REFLECT).toDoubleArray())
        .containsExactly(2, 1, 0, 1, 2, 1);
    assertThat(Ops.pad(x, before, after, PadMode.EDGE).toDoubleArray())
        .containsExactly(0, 0, 0, 1, 2, 2);
  }

  @Test
  void tilesAndExpands() {
    assertThat(Ops.tile(numbers(1, 2), 2, 2).toDoubleArray())
        .containsExactly(0, 1, 0, 1, 0, 1, 0, 1);
    assertThat(Ops.expand(numbers(2, 1), 3, 1, 2).shape().toArray()).containsExactly(3, 2, 2);
  }

  @Test
  void pretendsNothingWithNan() {
    Tensor x = Tensor.of(Device.reference(), new double[] {1, Double.NaN, 3}, 3);
    Tensor one = Tensor.full(Device.reference(), 1, 3);
    assertThat(Ops.max(x).item()).isNaN();
    assertThat(Ops.max(x, one).toDoubleArray()).containsExactly(1, Double.NaN, 3);
    assertThat(Ops.min(x, one).toDoubleArray()).containsExactly(1, Double.NaN, 1);
    assertThat(Ops.clip(x, 0, 2).toDoubleArray()).containsExactly(1, Double.NaN, 2);
  }

  @Test
  void preluOfInfinity() {
    double inf = Double.POSITIVE_INFINITY;
    Tensor x = Tensor.of(Device.reference(), new double[] {inf, -inf, Double.NaN, 0}, 4);
    Tensor y = Ops.prelu(x.requiresGrad(true), Tensor.full(Device.reference(), 0.5, 1));
    assertThat(y.toDoubleArray()).containsExactly(inf, -inf, Double.NaN, 0);
    Ops.sum(y).backward();
    assertThat(x.grad().toDoubleArray()).startsWith(1, 0.5).endsWith(0.5);
  }

  private static Arguments refused(String message, ThrowingCallable call) {
    return Arguments.of(message, call);
  }

  static Stream<Arguments> refused() {
    Tensor x = numbers(2, 3, 4, 6);
    int[] most = {0, 0, 0, Integer.MAX_VALUE};
    return Stream.of(
        refused("each axis must be named once", () -> Ops.transpose(x, 0, 1, 2, 2)),
        refused("gather: index 4 is outside axis 2", () -> Ops.gather(x, 2, 0, 4)),
        refused("at least one column", () -> Ops.gather(x, 2)),
        refused("as many numbers before and after", () -> Ops.pad(x, new int[1], new int[4], 0)),
        refused(
            "a mirror shows one element fewer",
            () -> Ops.pad(x, new int[] {0, 3, 0, 0}, new int[4], PadMode.REFLECT)),
        refused("do not fit axis 1", () -> Ops.pad(x, new int[] {0, -3, 0, 0}, new int[4], 0)),
        refused("do not fit axis 3", () -> Ops.pad(x, most, most, 0)),
        refused("expand: shapes", () -> Ops.expand(x, 2, 3, 4, 5)),
        refused("number of 1 or more for each axis", () -> Ops.tile(x, 1, 1, 0, 1)),
        refused("do not make axis 3", () -> Ops.split(x, 3, 2, 3)),
        refused("no squares of 2 by 2", () -> Ops.depthToSpace(x, 2)),
        refused("no squares of 65536 by 65536", () -> Ops.depthToSpace(x, 65536)),
        refused("no squares of 0 by 0", () -> Ops.depthToSpace(x, 0)),
        refused("no whole squares of 2 by 2", () -> Ops.spaceToDepth(x, 2)),
        refused("(m, k) and (k, n)", () -> Ops.matmul(x, numbers(5, 2))),
        refused("layerNorm: gamma must have shape", () -> Ops.layerNorm(x, 1, numbers(4), null, 0)),
        refused("no 5 axes to normalise along", () -> Ops.layerNorm(x, 5, null, null, 0)),
        refused("cannot be parted into 4 groups", () -> Ops.groupNorm(x, 4, null, null, 0)),
        refused("with pixels between", () -> Ops.instanceNorm(numbers(2, 3), null, null, 0)),
        refused("size must be 1 or more", () -> Ops.localResponseNorm(x, 0, 1, 1, 1)),
        refused("min 2.0 must not be above max 1.0", () -> Ops.clip(x, 2, 1)),
        refused("alpha must be positive", () -> Ops.celu(x, 0)));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void saysWhatIsWrong(String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
