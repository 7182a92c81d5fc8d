package dev.thumbnet.bench.gpu;

import dev.thumbnet.bench.Noise;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.plan.Plan;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Models;

/** Pictures to logits by a plan; the pictures are on the device already. */
final class GpuInference implements Work {
  private final Plan plan;
  private final Tensor pictures;
  private final long parameters;
  private Tensor logits;

  GpuInference(Device device, GpuCase what) {
    Module module = Models.classifier(Architecture.of(what.network(), 1000), device, new Rng(1));
    module.eval();
    parameters = module.parameterCount();
    pictures = Noise.pictures(device, what.batch(), what.size());
    plan = Plan.compile(module, device, pictures.shape());
  }

  @Override
  public void queue() {
    if (logits != null) {
      logits.release();
    }
    logits = plan.run(pictures);
  }

  @Override
  public void await() {
    logits.toArray();
  }

  @Override
  public long parameters() {
    return parameters;
  }
}
