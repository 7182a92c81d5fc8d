package dev.thumbnet.engine.plan;

import static dev.thumbnet.engine.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Dropout;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Ops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plan answers as its module does. */
final class PlanTest {
  private static final Device REFERENCE = Device.reference();
  private static final Device CPU = Device.cpu();

  /** Some layers and how they are put together. */
  private static final class Net extends Module {
    private final UnaryOperator<Tensor> forward;

    Net(UnaryOperator<Tensor> forward, Module... layers) {
      this.forward = forward;
      for (int i = 0; i < layers.length; i++) {
        child("layer" + i, layers[i]);
      }
    }

    @Override
    public Tensor forward(Tensor x) {
      return forward.apply(x);
    }
  }

  private static Conv2d conv(Device device, int in, int out, int kernel, int stride, Rng rng) {
    return new Conv2d(device, in, out, kernel, stride, kernel / 2, false, rng);
  }

  /** Normalisation as after a training. */
  private static BatchNorm2d norm(Device device, int channels, Rng rng) {
    BatchNorm2d norm = new BatchNorm2d(device, channels);
    norm.runningMean().fill(() -> 0.3 * rng.nextGaussian());
    norm.runningVariance().fill(() -> 0.5 + rng.nextDouble());
    norm.namedParameters().values().forEach(p -> p.tensor().fill(() -> 0.5 + rng.nextDouble()));
    return norm;
  }

  /** A residual network in small: with a shortcut that is a convolution and one that is not. */
  private static Module residual(Device device) {
    Rng rng = new Rng(1);
    Conv2d stem = conv(device, 3, 16, 7, 2, rng);
    BatchNorm2d stemNorm = norm(device, 16, rng);
    Conv2d a = conv(device, 16, 16, 3, 1, rng);
    BatchNorm2d aNorm = norm(device, 16, rng);
    Conv2d b = conv(device, 16, 16, 3, 1, rng);
    BatchNorm2d bNorm = norm(device, 16, rng);
    Conv2d c = conv(device, 16, 24, 3, 2, rng);
    BatchNorm2d cNorm = norm(device, 24, rng);
    Conv2d d = conv(device, 24, 24, 3, 1, rng);
    BatchNorm2d dNorm = norm(device, 24, rng);
    Conv2d shortcut = conv(device, 16, 24, 1, 2, rng);
    BatchNorm2d shortcutNorm = norm(device, 24, rng);
    Linear head = new Linear(device, 24, 5, true, rng);
    Module net =
        new Net(
            pictures -> {
              Tensor x = Ops.relu(stemNorm.forward(stem.forward(pictures)));
              x = Ops.maxPool2d(x, 3, 2, 1);
              Tensor y = Ops.relu(aNorm.forward(a.forward(x)));
              x = Ops.addRelu(bNorm.forward(b.forward(y)), x);
              y = Ops.relu(cNorm.forward(c.forward(x)));
              y = dNorm.forward(d.forward(y));
              x = Ops.relu(Ops.add(y, shortcutNorm.forward(shortcut.forward(x))));
              return head.forward(Ops.flatten(Ops.adaptiveAvgPool2d(x, 1, 1)));
            },
            stem,
            stemNorm,
            a,
            aNorm,
            b,
            bNorm,
            c,
            cNorm,
            d,
            dNorm,
            shortcut,
            shortcutNorm,
            head);
    net.eval();
    return net;
  }

  /** What cannot be folded: results with two readers, ends before ends, functions of their own. */
  private static Module awkward(Device device) {
    Rng rng = new Rng(2);
    BatchNorm2d first = norm(device, 3, rng);
    Conv2d a = conv(device, 3, 8, 3, 1, rng);
    BatchNorm2d aNorm = norm(device, 8, rng);
    Conv2d b = conv(device, 8, 8, 1, 1, rng);
    BatchNorm2d twice = norm(device, 8, rng);
    Tensor low = Tensor.full(device, -0.5, 8);
    Tensor high = Tensor.full(device, 0.75, 8);
    Module net =
        new Net(
            pictures -> {
              Tensor x = a.forward(first.forward(pictures));
              Tensor y = Ops.add(x, aNorm.forward(x)); // x is read twice
              y = twice.forward(twice.forward(b.forward(Ops.sigmoid(y))));
              y = Ops.add(Ops.relu(b.forward(y)), y); // ReLU before the sum
              y = Ops.sub(Ops.tanh(y), Ops.leakyRelu(x, 0.1));
              y = Ops.add(Ops.clamp(y, low, high), y);
              y = Ops.add(y, y);
              return Ops.avgPool2d(b.forward(Ops.relu(b.forward(y))), 2, 2, 0, true);
            },
            first,
            a,
            aNorm,
            b,
            twice);
    net.eval();
    return net;
  }

  private static float[] pictures(int n, int size) {
    Rng rng = new Rng(7);
    float[] values = new float[n * size * size * 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) rng.nextGaussian();
    }
    return values;
  }

  private static double[] eager(Module net, Tensor x) {
    try (Autograd.NoGrad _ = Autograd.noGrad()) {
      return net.forward(x).toDoubleArray();
    }
  }

  private static void agree(Device device, Module net, double tolerance) {
    Plan plan = Plan.compile(net, device, Shape.of(4, 24, 24, 3));
    for (int n : new int[] {4, 1, 3}) {
      Tensor x = Tensor.of(device, pictures(n, 24), n, 24, 24, 3);
      double[] expected = eager(net, x);
      double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
      Tensor y = plan.run(x);
      assertThat(y.shape()).isEqualTo(plan.output().with(0, n));
      assertClose("plan of " + n, expected, y.toDoubleArray(), tolerance * largest, 0);
      float[] host = new float[expected.length];
      plan.run(n, pictures(n, 24), host);
      assertThat(host).isEqualTo(y.toArray());
    }
  }

  @Test
  void residualNetworksAgree() {
    agree(REFERENCE, residual(REFERENCE), 1e-13);
    agree(CPU, residual(CPU), 1e-5);
  }

  @Test
  void whatCannotBeFoldedAgrees() {
    agree(REFERENCE, awkward(REFERENCE), 1e-13);
    agree(CPU, awkward(CPU), 1e-5);
  }

  @Test
  void everythingOfAResidualNetworkIsFolded() {
    String text = Plan.compile(residual(CPU), CPU, Shape.of(2, 24, 24, 3)).toString();
    assertThat(text).doesNotContain("BatchNorm").doesNotContain("Add").doesNotContain("Relu(");
    assertThat(text.lines().filter(line -> line.contains("+ residual + ReLU"))).hasSize(2);
    assertThat(text.lines().filter(line -> line.contains("Conv "))).hasSize(6);
    assertThat(text).contains("MaxPool 3x3 /2(");
  }

  @Test
  void keepsItsOwnWeights() {
    Module net = awkward(CPU);
    Plan plan = Plan.compile(net, CPU, Shape.of(1, 16, 16, 3));
    Tensor x = Tensor.of(CPU, pictures(1, 16), 1, 16, 16, 3);
    double[] before = plan.run(x).toDoubleArray();
    net.namedParameters().values().forEach(p -> p.tensor().fill(() -> 9));
    net.namedBuffers().values().forEach(b -> b.fill(() -> 9));
    assertThat(plan.run(x).toDoubleArray()).isEqualTo(before);
  }

  /** The second module begins with what could be folded into the end of the first. */
  @Test
  void modulesThatFollowEachOtherAreOnePlanAndCanBeRunAlone() {
    Rng rng = new Rng(5);
    Conv2d first = new Conv2d(CPU, 3, 8, 3, 1, 1, true, rng);
    Module second =
        new Sequential(
            new BatchNorm2d(CPU, 8), new ReLU(), new Conv2d(CPU, 8, 4, 3, 2, 1, true, rng));
    first.eval();
    second.eval();
    Shape input = Shape.of(3, 24, 24, 3);
    Plan both = Plan.compile(List.of(first, second), CPU, input, WeightFormat.F32);
    Plan left = Plan.compile(first, CPU, input);
    Plan right = Plan.compile(second, CPU, left.output());
    assertThat(both.part(0).weightBytes() + both.part(1).weightBytes())
        .isEqualTo(both.weightBytes());
    assertThat(both.part(1).input()).isEqualTo(both.part(0).output()).isEqualTo(left.output());
    for (int n : new int[] {1, 3, 2}) {
      float[] between = new float[n * 24 * 24 * 8];
      float[] expected = new float[n * 12 * 12 * 4];
      left.run(n, pictures(n, 24), between);
      right.run(n, between, expected);
      float[] found = new float[expected.length];
      both.run(n, pictures(n, 24), found);
      assertThat(found).isEqualTo(expected);
      float[] cut = new float[between.length];
      both.part(0).run(n, pictures(n, 24), cut);
      assertThat(cut).isEqualTo(between);
      Arrays.fill(found, 0);
      both.part(1).run(n, cut, found);
      assertThat(found).isEqualTo(expected);
    }
    assertThatThrownBy(() -> both.part(2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(
            () -> Plan.compile(List.of(first, new Net(x -> x)), CPU, input, WeightFormat.F32))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void anyNumberOfThreadsMayUseIt(int threads) throws Exception {
    try (Device device = Device.cpu(threads);
        ExecutorService callers = Executors.newFixedThreadPool(6)) {
      Plan plan = Plan.compile(residual(device), device, Shape.of(3, 32, 32, 3));
      float[] expected = new float[15];
      plan.run(3, pictures(3, 32), expected);
      List<Callable<float[]>> calls = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        int n = 1 + i % 3;
        calls.add(
            () -> {
              float[] y = new float[5 * n];
              plan.run(n, pictures(3, 32), y);
              return y;
            });
      }
      int i = 0;
      for (Future<float[]> answer : callers.invokeAll(calls)) {
        int n = 1 + i++ % 3;
        float[] alone = new float[5 * n];
        plan.run(n, pictures(3, 32), alone);
        assertThat(answer.get()).isEqualTo(alone);
      }
    }
  }

  /** The first call finds no code warm, the others do, and so does a plan that waited for calls. */
  @Test
  @Timeout(120)
  void aColdStartChangesNoBits() throws InterruptedException {
    try (Device device = Device.cpu(2)) {
      Plan plan = Plan.compile(residual(device), device, Shape.of(3, 32, 32, 3));
      Plan waiting = Plan.compile(residual(device), device, Shape.of(3, 32, 32, 3));
      float[] first = new float[15];
      float[] later = new float[15];
      plan.run(3, pictures(3, 32), first);
      for (int i = 0; i < 3; i++) {
        plan.run(3, pictures(3, 32), later);
        assertThat(later).isEqualTo(first);
      }
      while (device.backend().cold() != device.backend()) {
        Thread.sleep(400);
      }
      waiting.run(3, pictures(3, 32), later);
      assertThat(later).isEqualTo(first);
    }
  }

  @Test
  void itsStepsCanBeTimed() {
    Plan plan = Plan.compile(residual(CPU), CPU, Shape.of(2, 24, 24, 3));
    List<StepTime> times = plan.profile(2, pictures(2, 24), 3);
    assertThat(times).hasSize((int) plan.toString().lines().count() - 1);
    assertThat(times.getFirst().step()).contains("Conv 7x7 /2 + ReLU");
    assertThat(times.getFirst().macs()).isEqualTo(2L * 12 * 12 * 49 * 3 * 16);
    assertThat(times).allMatch(t -> t.medianNanos() >= 0);
  }

  @Test
  void refusesWhatItCannotDo() {
    Module net = residual(CPU);
    net.train();
    assertThatThrownBy(() -> Plan.compile(net, CPU, Shape.of(1, 24, 24, 3)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("eval()");
    net.eval();
    Plan plan = Plan.compile(net, CPU, Shape.of(2, 24, 24, 3));
    assertThatThrownBy(() -> plan.run(Tensor.zeros(CPU, 3, 24, 24, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(2, 24, 24, 3)")
        .hasMessageContaining("(3, 24, 24, 3)");
    assertThatThrownBy(() -> plan.run(Tensor.zeros(CPU, 2, 24, 23, 3)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> plan.run(2, new float[24 * 24 * 3], new float[10]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1728");
    Module nothing = new Net(x -> x);
    nothing.eval();
    assertThatThrownBy(() -> Plan.compile(nothing, CPU, Shape.of(1, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("computes nothing");
    Module random =
        new Sequential(new Linear(CPU, 4, 4, true, new Rng(1)), new Dropout(0.5, new Rng(1)));
    assertThatThrownBy(() -> Plan.compile(random, CPU, Shape.of(1, 4)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void linearLayersAndReluAreOneStep() {
    Rng rng = new Rng(3);
    Module net =
        new Sequential(
            new Linear(CPU, 40, 30, true, rng), new ReLU(), new Linear(CPU, 30, 7, false, rng));
    net.eval();
    Plan plan = Plan.compile(net, CPU, Shape.of(5, 40));
    Tensor x = Tensor.of(CPU, Arrays.copyOf(pictures(1, 24), 200), 5, 40);
    assertClose("linear", eager(net, x), plan.run(x).toDoubleArray(), 1e-5);
    assertThat(plan.toString()).contains("Linear + ReLU");
    assertThat(plan.toString().lines()).hasSize(3);
  }
}
