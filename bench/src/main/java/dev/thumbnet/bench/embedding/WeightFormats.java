package dev.thumbnet.bench.embedding;

import dev.thumbnet.bench.Noise;
import dev.thumbnet.bench.harness.Contender;
import dev.thumbnet.bench.harness.Scatter;
import dev.thumbnet.bench.harness.Turns;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.plan.Plan;
import dev.thumbnet.pipeline.TrainedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The teacher at 224 pixels and downscaler and student at 56, with weights of each format, in
 * turns. Arguments: threads, pictures at once. Prints a line for each: name, milliseconds,
 * megabytes of weights and intermediate results.
 */
final class WeightFormats {
  private static final Turns TURNS = new Turns(2_500_000_000L, 9, 200_000_000);

  private WeightFormats() {}

  private record Compiled(String name, Plan plan, float[] in, float[] out) implements Contender {
    Compiled(String name, Plan plan) {
      this(name, plan, Noise.values(plan.input().size(), 5), new float[plan.output().size()]);
    }

    @Override
    public float[] run() {
      plan.run(plan.input().dim(0), in, out);
      return out;
    }

    @Override
    public long memory() {
      return plan.weightBytes() + plan.workspaceBytes();
    }
  }

  /** Runs once. */
  public static void main(String[] args) throws InterruptedException {
    int batch = Integer.parseInt(args[1]);
    try (Device device = Device.cpu(Integer.parseInt(args[0]))) {
      List<Contender> all = contenders(device, batch);
      List<Scatter> times = TURNS.measure(all);
      for (int i = 0; i < all.size(); i++) {
        System.out.printf(
            "%s\t%.3f\t%.1f%n",
            all.get(i).name(), times.get(i).median(), all.get(i).memory() / 1e6);
      }
    }
  }

  private static List<Contender> contenders(Device device, int batch) {
    Shape shape = Shape.of(batch, Material.SIZE, Material.SIZE, 3);
    Module teacher = Material.model("resnet18", 1, device).network();
    List<Contender> all = new ArrayList<>();
    all.add(new Compiled("T, f32", Plan.compile(teacher, device, shape)));
    TrainedModel model = Material.model("resnet18", 4, device);
    Module both = new Sequential(model.downscaler(), model.network());
    both.eval();
    for (WeightFormat format : WeightFormat.values()) {
      String name = "E + S 16:1, " + format.name().toLowerCase(Locale.ROOT);
      all.add(new Compiled(name, Plan.compile(both, device, shape, format)));
    }
    return all;
  }
}
