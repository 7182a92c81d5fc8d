package dev.thumbnet.bench;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the Vector API brings: ResNet-18 on one picture of 112 pixels with one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
public class ScalarAndVector {
  private static final String KERNELS = "-Ddev.thumbnet.engine.kernels=";

  private Device device;
  private Classifier model;
  private Tensor picture;

  /** Makes the network and a picture of noise. */
  @Setup
  public void make() {
    device = Device.cpu(1);
    model = Models.classifier(Architecture.of("resnet18", 1000), device, new Rng(1));
    model.eval();
    picture = Noise.pictures(device, 1, 112);
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    device.close();
  }

  /** Plain Java, as where the module is missing. */
  @Benchmark
  @Fork(value = 3, jvmArgsAppend = KERNELS + "scalar")
  public float[] scalar() {
    return run();
  }

  /** The Vector API with the widest lanes that the processor has. */
  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {"--add-modules=jdk.incubator.vector", KERNELS + "vector"})
  public float[] vector() {
    return run();
  }

  private float[] run() {
    try (var _ = Autograd.noGrad();
        var _ = new TensorScope()) {
      return model.forward(picture).toArray();
    }
  }
}
