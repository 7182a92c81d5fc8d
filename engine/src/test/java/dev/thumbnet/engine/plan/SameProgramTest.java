package dev.thumbnet.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.op.Conv2dOptions;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.testing.FunctionModule;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans are the same program only if nothing but the numbers of their weights differs. */
final class SameProgramTest {
  private static final Device CPU = Device.cpu();
  private static final int SIDE = 6;
  private static final int CHANNELS = 6;

  /** Two functions of pictures that have results of the same shape. */
  private record Pair(String name, UnaryOperator<Tensor> one, UnaryOperator<Tensor> other) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Tensor random(long seed, int... dims) {
    Tensor tensor = Tensor.zeros(CPU, dims);
    Rng rng = new Rng(seed);
    tensor.fill(() -> 0.5 + rng.nextDouble());
    return tensor;
  }

  private static Tensor conv(Tensor x, long seed, int kernel, Conv2dOptions options) {
    int in = x.dim(3) / options.groups();
    return Ops.conv2d(x, random(seed, kernel, kernel, in, CHANNELS), null, options);
  }

  static List<Pair> differing() {
    Conv2dOptions same = Conv2dOptions.of(1, 1);
    return List.of(
        new Pair("function", Ops::tanh, Ops::sigmoid),
        new Pair("slope", x -> Ops.leakyRelu(x, 0.1), x -> Ops.leakyRelu(x, 0.2)),
        new Pair("factor", x -> Ops.mul(x, 2), x -> Ops.mul(x, 3)),
        new Pair("summed axis", x -> Ops.sum(x, 1), x -> Ops.sum(x, 3)),
        new Pair("sum and mean", x -> Ops.sum(x, 1), x -> Ops.mean(x, 1)),
        new Pair(
            "repeated axis",
            x -> Ops.add(x, random(1, 1, SIDE, 1, CHANNELS)),
            x -> Ops.add(x, random(1, 1, 1, SIDE, CHANNELS))),
        new Pair("slice", x -> Ops.slice(x, 3, 0, 2), x -> Ops.slice(x, 3, 2, 4)),
        new Pair("order of operands", x -> Ops.div(x, Ops.exp(x)), x -> Ops.div(Ops.exp(x), x)),
        new Pair("window", x -> Ops.maxPool2d(x, 2, 2, 0), x -> Ops.maxPool2d(x, 3, 2, 1)),
        new Pair("pooling", x -> Ops.maxPool2d(x, 2, 2, 0), x -> Ops.avgPool2d(x, 2, 2, 0, true)),
        new Pair("stride of a pool", x -> pooled(x, 1), x -> pooled(x, 2)),
        new Pair(
            "dilation",
            x -> conv(x, 1, 3, same),
            x -> conv(x, 1, 3, Conv2dOptions.of(1, 2).withDilation(2))),
        new Pair(
            "horizontal stride",
            x -> conv(Ops.slice(x, 2, 0, 1), 1, 3, same),
            x -> conv(Ops.slice(x, 2, 0, 1), 1, 3, new Conv2dOptions(1, 2, 1, 1, 1, 1, 1))),
        new Pair("groups", x -> conv(x, 1, 3, same), x -> conv(x, 1, 3, same.withGroups(2))),
        new Pair("kernel", x -> conv(x, 1, 3, same), x -> conv(x, 1, 1, Conv2dOptions.of(1, 0))),
        new Pair("residual", x -> conv(x, 1, 3, same), x -> Ops.add(conv(x, 1, 3, same), x)));
  }

  /** Windows of 2 x 2 on 2 x 2 pixels: there is one, with any stride. */
  private static Tensor pooled(Tensor x, int stride) {
    return Ops.maxPool2d(Ops.maxPool2d(x, 2, 3, 0), 2, stride, 0);
  }

  private static Plan plan(UnaryOperator<Tensor> function, WeightFormat format) {
    return Plan.compile(
        new FunctionModule(function), CPU, Shape.of(2, SIDE, SIDE, CHANNELS), format);
  }

  @ParameterizedTest
  @MethodSource("differing")
  void anyDifferenceMatters(Pair pair) {
    Plan one = plan(pair.one, WeightFormat.F32);
    Plan other = plan(pair.other, WeightFormat.F32);
    assertThat(one.output()).isEqualTo(other.output());
    assertThat(one.sameProgram(other)).isFalse();
    assertThat(one.sameProgram(plan(pair.one, WeightFormat.F32))).isTrue();
    assertThat(other.sameProgram(plan(pair.other, WeightFormat.F32))).isTrue();
    assertThat(one.toString()).isNotEqualTo(other.toString());
  }

  /** Everything that has numbers of its own. */
  private static Tensor weighted(Tensor x, long seed) {
    Tensor y = conv(x, seed, 3, Conv2dOptions.of(1, 1));
    Tensor normed =
        Ops.batchNormEval(
            Ops.tanh(y), vector(seed), vector(seed), vector(seed), vector(seed), 1e-5);
    Tensor shifted = Ops.add(normed, vector(seed));
    Tensor clamped = Ops.clamp(shifted, Ops.mul(vector(seed), -1), vector(seed));
    Tensor flat = Ops.flatten(clamped);
    return Ops.linear(flat, random(seed, flat.dim(1), 5), random(seed, 5));
  }

  private static Tensor vector(long seed) {
    return random(seed, CHANNELS);
  }

  @Test
  void numbersDoNotMatter() {
    Plan one = plan(x -> weighted(x, 1), WeightFormat.F32);
    Plan other = plan(x -> weighted(x, 2), WeightFormat.F32);
    assertThat(one.toString()).contains("BatchNorm", "Clamp", "constant", "Linear");
    assertThat(one.sameProgram(other)).isTrue();
    assertThat(one.sameProgram(one.part(0))).isTrue();
  }

  /** Narrow layers keep their weights in 32 bits in any case. */
  @Test
  void formatsOfWeightsMatter() {
    UnaryOperator<Tensor> wide = x -> Ops.linear(x, random(1, CHANNELS, 512), null);
    assertThat(plan(wide, WeightFormat.F32).sameProgram(plan(wide, WeightFormat.BF16))).isFalse();
    assertThat(plan(wide, WeightFormat.BF16).sameProgram(plan(wide, WeightFormat.BF16))).isTrue();
  }

  @Test
  void numberOfPicturesAndDeviceMatter() {
    FunctionModule net = new FunctionModule(Ops::tanh);
    Plan two = Plan.compile(net, CPU, Shape.of(2, 4));
    assertThat(two.sameProgram(Plan.compile(net, CPU, Shape.of(3, 4)))).isFalse();
    assertThat(two.sameProgram(Plan.compile(net, Device.reference(), Shape.of(2, 4)))).isFalse();
  }
}
