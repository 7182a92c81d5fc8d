package dev.thumbnet.bench.peers;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.nn.Module;

/** The engine's own forward pass. */
final class EngineForward implements Contender {
  private final String name;
  private final Device device;
  private final Module module;
  private final Tensor pictures;

  EngineForward(String name, Workload workload, int factor, int threads) {
    this.name = name;
    this.device = Device.cpu(threads);
    this.module = workload.module(device, factor);
    this.module.eval();
    this.pictures = Tensor.of(device, workload.pictures(), workload.input().toArray());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public float[] run() {
    try (var _ = Autograd.noGrad();
        var _ = new TensorScope()) {
      return module.forward(pictures).toArray();
    }
  }

  @Override
  public void close() {
    device.close();
  }
}
