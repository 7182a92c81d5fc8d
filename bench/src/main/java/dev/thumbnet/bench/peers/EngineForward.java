package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.harness.Contender;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.plan.Plan;

/** The engine's own forward pass, compiled as the peers' are. */
final class EngineForward implements Contender {
  private final String name;
  private final int factor;
  private final WeightFormat format;
  private final Device device;
  private final Plan plan;
  private final float[] pictures;

  EngineForward(String name, Workload workload, int factor, WeightFormat format, int threads) {
    this.name = name;
    this.factor = factor;
    this.format = format;
    this.device = Device.cpu(threads);
    Module module = workload.module(device, factor);
    module.eval();
    this.plan = Plan.compile(module, device, workload.input(), format);
    this.pictures = workload.pictures();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double tolerance() {
    return format == WeightFormat.F32 ? 1e-3 : 2e-2;
  }

  @Override
  public long memory() {
    return plan.weightBytes() + plan.workspaceBytes();
  }

  /** Returns by how much a downscaler before the network shrinks sides; 1 without one. */
  int factor() {
    return factor;
  }

  @Override
  public float[] run() {
    float[] logits = new float[plan.output().size()];
    plan.run(plan.input().dim(0), pictures, logits);
    return logits;
  }

  @Override
  public void close() {
    device.close();
  }
}
