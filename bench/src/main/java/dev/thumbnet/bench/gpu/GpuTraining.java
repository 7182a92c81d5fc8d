package dev.thumbnet.bench.gpu;

import dev.thumbnet.bench.Noise;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.engine.optim.Sgd;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Models;
import java.util.Collections;

/**
 * Steps of training with cross entropy and SGD. Recorded steps cannot read labels from the host;
 * there the same loss is composed of the labels as ones in a matrix of zeros, which is on the
 * device.
 */
final class GpuTraining implements Work {
  private static final int CLASSES = 1000;

  // As in pytorch_side.py.
  private static final double LEARNING_RATE = 1e-4;
  private static final double MOMENTUM = 0.9;
  private static final double WEIGHT_DECAY = 5e-4;

  private final Module module;
  private final Sgd optimizer;
  private final Tensor pictures;
  private final int[] labels;
  private final Tensor targets;
  private final Tensor loss;
  private final Runnable step;

  GpuTraining(Device device, GpuCase what) {
    Rng rng = new Rng(1);
    module = Models.classifier(Architecture.of(what.network(), CLASSES), device, rng);
    optimizer =
        new Sgd(
            Collections.singletonList(ParamGroup.all("", module, WEIGHT_DECAY)), MOMENTUM, false);
    pictures = Noise.pictures(device, what.batch(), what.size());
    labels = new int[what.batch()];
    float[] ones = new float[labels.length * CLASSES];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = rng.nextInt(CLASSES);
      ones[i * CLASSES + labels[i]] = 1;
    }
    targets = Tensor.of(device, ones, labels.length, CLASSES);
    loss = Tensor.scalar(device, 0);
    step =
        what.graph()
            ? device.record(() -> step(this::lossFromTargets))
            : () -> step(this::lossFromLabels);
  }

  private interface Loss {
    Tensor of(Tensor logits);
  }

  private Tensor lossFromLabels(Tensor logits) {
    return Ops.crossEntropy(logits, labels, 0);
  }

  private Tensor lossFromTargets(Tensor logits) {
    return Ops.mul(Ops.sum(Ops.mul(targets, Ops.logSoftmax(logits))), -1.0 / labels.length);
  }

  private void step(Loss function) {
    try (TensorScope _ = new TensorScope()) {
      Tensor value = function.of(module.forward(pictures));
      value.backward();
      optimizer.step(LEARNING_RATE);
      // At the end, for gradients must not outlive a recorded step.
      optimizer.zeroGrad();
      loss.copyFrom(value);
    }
  }

  @Override
  public void queue() {
    step.run();
  }

  @Override
  public void await() {
    double value = loss.item();
    if (!Double.isFinite(value)) {
      throw new IllegalStateException("the loss is " + value);
    }
  }

  @Override
  public long parameters() {
    return module.parameterCount();
  }
}
