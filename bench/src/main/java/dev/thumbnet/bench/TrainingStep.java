package dev.thumbnet.bench;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.engine.optim.Sgd;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One whole step of training: forward, loss, backward, SGD with momentum. {@link FmaPeak} in the
 * same run gives the limit: a step takes three times the multiply-adds of the forward pass.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -jar bench/target/benchmarks.jar "TrainingStep|FmaPeak"
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 4, time = 3)
public class TrainingStep {
  private static final int CLASSES = 1000;

  /** Name of the network. */
  @Param({"resnet18", "vgg11_bn"})
  public String network;

  /** Side of the pictures in pixels. */
  @Param("112")
  public int size;

  /** Pictures per step. */
  @Param("16")
  public int batch;

  /** Threads that compute. */
  @Param({"1", "2"})
  public int threads;

  private Device device;
  private Classifier model;
  private Sgd optimizer;
  private Tensor pictures;
  private int[] labels;

  /** Makes the network and a batch of noise. */
  @Setup
  public void make() {
    device = Device.cpu(threads);
    Rng rng = new Rng(1);
    model = Models.classifier(Architecture.of(network, CLASSES).withHidden(0), device, rng);
    optimizer = new Sgd(Collections.singletonList(ParamGroup.all("", model, 5e-4)), 0.9, true);
    pictures = Noise.pictures(device, batch, size);
    labels = new int[batch];
    for (int i = 0; i < batch; i++) {
      labels[i] = rng.nextInt(CLASSES);
    }
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    device.close();
  }

  /** Measures the step. */
  @Benchmark
  public void step() {
    try (TensorScope _ = new TensorScope()) {
      optimizer.zeroGrad();
      Ops.crossEntropy(model.forward(pictures), labels, 0).backward();
      optimizer.step(1e-4);
    }
  }
}
