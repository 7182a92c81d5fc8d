package dev.thumbnet.bench;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.plan.Plan;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Preprocessing;
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
 * The paper's claim, with compiled networks: the teacher on pictures of 224 pixels against
 * downscaler and student, which see the same pictures. Time(1) over time(4) stands beside the ratio
 * of multiply-adds, which is 3.52 for ResNet-18, and time(1) over time(16) beside 12.3; {@code
 * bin/compare} prints both.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
public class Thumbnails {
  private static final int SIZE = 224;

  /** Name of teacher and student. */
  @Param({"resnet18", "vgg11"})
  public String network;

  /** Area of a picture over that of the thumbnail; 1 is the teacher. */
  @Param({"1", "4", "16"})
  public int ratio;

  /** Pictures at once. */
  @Param({"1", "16"})
  public int batch;

  /** How the plan keeps weights. */
  @Param("F32")
  public WeightFormat weights;

  /** Threads that compute. */
  @Param({"1", "2"})
  public int threads;

  private Device device;
  private Plan plan;
  private float[] pictures;
  private float[] logits;

  /** Makes the networks and a batch of noise. */
  @Setup
  public void make() {
    device = Device.cpu(threads);
    plan = Plan.compile(pipeline(), device, Shape.of(batch, SIZE, SIZE, 3), weights);
    pictures = Noise.pictures(device, batch, SIZE).toArray();
    logits = new float[plan.output().size()];
  }

  private Module pipeline() {
    Module s = Models.classifier(Architecture.of(network, 1000).withHidden(0), device, new Rng(1));
    int factor = (int) Math.sqrt(ratio);
    Module whole =
        factor == 1
            ? s
            : new Sequential(
                Models.downscaler(
                    DownscalerKind.PLAIN,
                    Reduction.ofSide(factor),
                    Preprocessing.photographs(SIZE).colors(),
                    device,
                    new Rng(2)),
                s);
    whole.eval();
    return whole;
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    device.close();
  }

  /** Pictures to logits. */
  @Benchmark
  public float[] classify() {
    plan.run(batch, pictures, logits);
    return logits;
  }
}
