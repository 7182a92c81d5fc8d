package dev.thumbnet.engine;

import static dev.thumbnet.engine.testing.Close.assertWithin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.backend.CudaPrecision;
import dev.thumbnet.engine.backend.cuda.HostCuda;
import dev.thumbnet.engine.backend.cuda.HostCuda.Support;
import dev.thumbnet.engine.nn.AdaptiveAvgPool2d;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Flatten;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.MaxPool2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.engine.optim.Sgd;
import dev.thumbnet.engine.plan.Plan;
import dev.thumbnet.engine.testing.Gpu;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A small residual network, trained on CUDA as on the CPU, and its plan. */
class CudaTrainingTest {
  private static final int BATCH = 8;
  private static final int CLASSES = 5;
  private static final int STEPS = 10;

  /** A block with a shortcut, by a convolution if the shape changes. */
  private static final class Block extends Module {
    private final Conv2d first;
    private final BatchNorm2d firstNorm;
    private final Conv2d second;
    private final BatchNorm2d secondNorm;
    private final Conv2d shortcut;

    Block(Device device, int in, int out, int stride, Rng rng) {
      first = child("conv1", new Conv2d(device, in, out, 3, stride, 1, false, rng));
      firstNorm = child("bn1", new BatchNorm2d(device, out));
      second = child("conv2", new Conv2d(device, out, out, 3, 1, 1, false, rng));
      secondNorm = child("bn2", new BatchNorm2d(device, out));
      shortcut =
          in == out && stride == 1
              ? null
              : child("downsample", new Conv2d(device, in, out, 1, stride, 0, false, rng));
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor inner = firstNorm.forwardRelu(first.forward(x));
      Tensor outer = secondNorm.forward(second.forward(inner));
      return Ops.addRelu(outer, shortcut == null ? x : shortcut.forward(x));
    }
  }

  private static Module net(Device device) {
    Rng rng = new Rng(3);
    return new Sequential(
        new Conv2d(device, 3, 8, 3, 1, 1, false, rng),
        new BatchNorm2d(device, 8),
        new MaxPool2d(3, 2, 1),
        new Block(device, 8, 8, 1, rng),
        new Block(device, 8, 16, 2, rng),
        new AdaptiveAvgPool2d(1, 1),
        new Flatten(),
        new Linear(device, 16, CLASSES, true, rng));
  }

  private static Tensor pictures(Device device) {
    Rng rng = new Rng(11);
    float[] values = new float[BATCH * 12 * 12 * 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) rng.nextGaussian();
    }
    return Tensor.of(device, values, BATCH, 12, 12, 3);
  }

  /** Trains and returns the losses. */
  private static double[] train(Module net, Tensor x, int steps) {
    int[] labels = new int[BATCH];
    Arrays.setAll(labels, i -> i % CLASSES);
    Sgd optimizer = new Sgd(ParamGroup.split("", net, 1e-4), 0.9, false);
    List<Double> losses = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      optimizer.zeroGrad();
      try (TensorScope _ = new TensorScope()) {
        Tensor loss = Ops.crossEntropy(net.forward(x), labels, 0.1);
        loss.backward();
        losses.add(loss.item());
      }
      optimizer.step(0.05);
    }
    return losses.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void agreesWithTheCpu(Device device, double tolerance) {
    Module expected = net(Device.cpu());
    Module actual = net(device);
    double[] losses = train(expected, pictures(Device.cpu()), STEPS);
    double[] onDevice = train(actual, pictures(device), STEPS);
    for (int step = 0; step < STEPS; step++) {
      assertThat(Math.abs(onDevice[step] - losses[step]))
          .as("loss of step %d: %s, on the CPU %s", step, onDevice[step], losses[step])
          .isLessThan(tolerance * losses[0]);
    }
    assertThat(losses[STEPS - 1]).isLessThan(losses[0]);
    planAgrees(device, actual, tolerance);
  }

  /** More than two runs, so that the plan is replayed as a graph. */
  private static void planAgrees(Device device, Module net, double tolerance) {
    net.eval();
    Tensor x = pictures(device);
    double[] expected;
    try (var _ = Autograd.noGrad()) {
      expected = net.forward(x).toDoubleArray();
    }
    Plan plan = Plan.compile(net, device, x.shape());
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int run = 0; run < 4; run++) {
      double[] actual = plan.run(x).toDoubleArray();
      double[] allowed = new double[actual.length];
      Arrays.fill(allowed, tolerance * largest);
      assertWithin("plan, run " + run, expected, actual, allowed);
      float[] y = new float[actual.length];
      plan.run(BATCH, x.toArray(), y);
      for (int i = 0; i < y.length; i++) {
        assertThat((double) y[i]).isEqualTo(actual[i]);
      }
    }
  }

  private static void onHost(CudaPrecision precision, Support support, double tolerance) {
    HostCuda host = HostCuda.of(precision, support);
    agreesWithTheCpu(new Device(host.backend(), false), tolerance);
    host.close();
  }

  @Test
  void kernelsOnTheHost() {
    onHost(CudaPrecision.F32, Support.FULL, 1e-3);
  }

  @Test
  void kernelsOnTheHostWithoutFusedConvolutions() {
    onHost(CudaPrecision.F32, Support.UNFUSED, 1e-3);
  }

  @Test
  void kernelsOnTheHostWithHalves() {
    onHost(CudaPrecision.BF16, Support.FULL, 0.1);
  }

  @Test
  void floatsOnAGpu() {
    onGpu(CudaPrecision.F32, 1e-3);
  }

  @Test
  void tf32OnAGpu() {
    onGpu(CudaPrecision.TF32, 3e-2);
  }

  @Test
  void halvesOnAGpu() {
    onGpu(CudaPrecision.BF16, 0.1);
  }

  private static void onGpu(CudaPrecision precision, double tolerance) {
    try (Device device = new Device(Gpu.open(precision), false)) {
      agreesWithTheCpu(device, tolerance);
    }
  }
}
