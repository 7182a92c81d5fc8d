package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.harness.Contender;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.engine.optim.Sgd;
import java.util.Collections;

/** The engine's own step of training. Returns the loss. */
final class EngineTraining implements Contender {
  /** What all who train do alike. */
  static final float LEARNING_RATE = 1e-3f;

  static final float MOMENTUM = 0.9f;
  static final float WEIGHT_DECAY = 5e-4f;

  private final Device device;
  private final Module module;
  private final Sgd optimizer;
  private final Tensor pictures;
  private final int[] labels;

  EngineTraining(Workload workload, int threads) {
    device = Device.cpu(threads);
    module = workload.module(device, 1);
    ParamGroup all = ParamGroup.all("", module, WEIGHT_DECAY);
    optimizer = new Sgd(Collections.singletonList(all), MOMENTUM, false);
    pictures = Tensor.of(device, workload.pictures(), workload.input().toArray());
    labels = workload.labels();
  }

  @Override
  public String name() {
    return Figures.ENGINE;
  }

  @Override
  public float[] run() {
    try (var _ = new TensorScope()) {
      optimizer.zeroGrad();
      Tensor loss = Ops.crossEntropy(module.forward(pictures), labels, 0);
      loss.backward();
      optimizer.step(LEARNING_RATE);
      return loss.toArray();
    }
  }

  @Override
  public void close() {
    device.close();
  }
}
