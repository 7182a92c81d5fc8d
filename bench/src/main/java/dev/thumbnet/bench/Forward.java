package dev.thumbnet.bench;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.plan.Plan;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The forward pass of whole networks in evaluation mode; VGG with a global average before one
 * linear layer.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
public class Forward {
  /** Name of the network. */
  @Param({"resnet18", "resnet34", "resnet50", "vgg11", "vgg16"})
  public String network;

  /** Side of the pictures in pixels. */
  @Param({"224", "112", "56"})
  public int size;

  /** Pictures at once. */
  @Param({"1", "8", "16", "32"})
  public int batch;

  /** How the plan keeps weights. */
  @Param("F32")
  public WeightFormat weights;

  /** Threads that compute. */
  @Param({"1", "2"})
  public int threads;

  private Device device;
  private Classifier model;
  private Tensor pictures;
  private Plan plan;
  private float[] pixels;
  private float[] logits;

  /** Makes the network and a batch of noise. */
  @Setup
  public void make() {
    device = Device.cpu(threads);
    model = Models.classifier(Architecture.of(network, 1000).withHidden(0), device, new Rng(1));
    model.eval();
    pictures = Noise.pictures(device, batch, size);
    plan = Plan.compile(model, device, pictures.shape(), weights);
    pixels = pictures.toArray();
    logits = new float[plan.output().size()];
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    device.close();
  }

  /** Pictures to logits by a plan. */
  @Benchmark
  public float[] plan() {
    plan.run(batch, pixels, logits);
    return logits;
  }

  /** Pictures to logits by the module itself, which prepares its weights in each call. */
  @Benchmark
  public float[] module() {
    try (var _ = Autograd.noGrad();
        var _ = new TensorScope()) {
      return model.forward(pictures).toArray();
    }
  }
}
