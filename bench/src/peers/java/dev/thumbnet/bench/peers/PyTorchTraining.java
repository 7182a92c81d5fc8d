package dev.thumbnet.bench.peers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.thumbnet.bench.harness.Contender;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A step of training in eager PyTorch through DJL: each op of the engine's trace is one of
 * PyTorch's, on channels-last activations and weights or on PyTorch's usual layout. Returns the
 * loss.
 */
final class PyTorchTraining implements Contender {
  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final boolean channelsLast;
  private final Trace trace;
  private final Device device = Device.cpu(1);
  private final Map<Tensor, NDArray> constants = new IdentityHashMap<>();
  private final List<NDArray> weights = new ArrayList<>();
  private final List<NDArray> velocities = new ArrayList<>();
  private final NDArray pictures;
  private final NDArray labels;

  PyTorchTraining(Workload workload, boolean channelsLast) {
    this.channelsLast = channelsLast;
    Module module = workload.module(device, 1);
    module.eval();
    trace = Trace.of(module::forward, Tensor.zeros(device, 1, workload.size(), workload.size(), 3));
    for (Trace.Step step : trace.steps()) {
      parameters(step);
    }
    int size = workload.size();
    pictures = planes(workload.pictures(), workload.batch(), size, size, 3);
    long[] classes = Arrays.stream(workload.labels()).asLongStream().toArray();
    labels = manager.create(classes, new Shape(workload.batch(), 1));
  }

  /** Makes PyTorch's copies of what a step learns or keeps. */
  private void parameters(Trace.Step step) {
    List<Tensor> constant = step.operands().subList(1, step.operands().size());
    switch (step.action()) {
      case Action.Conv2d(Conv2dProblem p) when p.pad().symmetric() -> {
        float[] hwio = constant.getFirst().toArray();
        float[] ohwi = Layout.transposed(hwio, hwio.length / p.k(), p.k());
        learn(constant.getFirst(), planes(ohwi, p.k(), p.kh(), p.kw(), p.c() / p.groups()));
        constant.stream().skip(1).forEach(this::learnVector);
      }
      case Action.Linear() -> {
        Tensor weight = constant.getFirst();
        float[] outIn = Layout.transposed(weight.toArray(), weight.dim(0), weight.dim(1));
        learn(weight, manager.create(outIn, new Shape(weight.dim(1), weight.dim(0))));
        constant.stream().skip(1).forEach(this::learnVector);
      }
      case Action.BatchNorm norm -> {
        constant.forEach(this::learnVector);
        constants.put(norm.mean(), manager.create(norm.mean().toArray()));
        constants.put(norm.variance(), manager.create(norm.variance().toArray()));
      }
      default -> {}
    }
  }

  private void learnVector(Tensor tensor) {
    learn(tensor, manager.create(tensor.toArray()));
  }

  private void learn(Tensor tensor, NDArray array) {
    array.setRequiresGradient(true);
    constants.put(tensor, array);
    weights.add(array);
    velocities.add(array.zerosLike());
  }

  /**
   * Returns (n, h, w, c) elements as an array (n, c, h, w), a view if that is the layout wanted.
   */
  private NDArray planes(float[] nhwc, int n, int h, int w, int c) {
    if (channelsLast) {
      return manager.create(nhwc, new Shape(n, h, w, c)).transpose(0, 3, 1, 2);
    }
    return manager.create(Layout.nchw(nhwc, n, h * w, c), new Shape(n, c, h, w));
  }

  @Override
  public String name() {
    return channelsLast ? "PyTorch, channels last" : "PyTorch";
  }

  @Override
  public float[] run() {
    try (NDManager step = manager.newSubManager()) {
      NDArray input = pictures.duplicate();
      input.attach(step);
      float[] loss;
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray logits = forward(input);
        NDArray mean = logits.logSoftmax(1).gather(labels, 1).mean().neg();
        collector.backward(mean);
        loss = mean.toFloatArray();
      }
      update();
      return loss;
    }
  }

  private NDArray forward(NDArray input) {
    Map<Tensor, NDArray> values = new IdentityHashMap<>();
    values.put(trace.input(), input);
    for (Trace.Step step : trace.steps()) {
      values.put(step.result(), apply(step, values));
    }
    return values.get(trace.output());
  }

  private NDArray apply(Trace.Step step, Map<Tensor, NDArray> values) {
    List<Tensor> in = step.operands();
    NDArray x = values.get(in.get(0));
    return switch (step.action()) {
      case Action.Conv2d(Conv2dProblem p) when p.pad().symmetric() ->
          one(
              x.getNDArrayInternal()
                  .convolution(
                      x,
                      constants.get(in.get(1)),
                      in.size() == 3 ? constants.get(in.get(2)) : null,
                      new Shape(p.strideH(), p.strideW()),
                      new Shape(p.pad().top(), p.pad().left()),
                      new Shape(p.dilationH(), p.dilationW()),
                      p.groups()));
      case Action.BatchNorm(Tensor mean, Tensor variance, double eps, boolean relu) -> {
        NDArray y =
            one(
                x.getNDArrayInternal()
                    .batchNorm(
                        x,
                        constants.get(mean),
                        constants.get(variance),
                        constants.get(in.get(1)),
                        constants.get(in.get(2)),
                        1,
                        0.1f,
                        (float) eps,
                        true));
        yield relu ? y.getNDArrayInternal().relu() : y;
      }
      case Action.Elementwise(Unary f) when f == Unary.RELU -> x.getNDArrayInternal().relu();
      case Action.AddRelu() -> x.add(values.get(in.get(1))).getNDArrayInternal().relu();
      case Action.MaxPool(PoolProblem p)
          when p.pad().symmetric() && p.dilationH() == 1 && p.dilationW() == 1 ->
          x.getNDArrayInternal()
              .maxPool(
                  new Shape(p.kh(), p.kw()),
                  new Shape(p.strideH(), p.strideW()),
                  new Shape(p.pad().top(), p.pad().left()),
                  p.ceil());
      case Action.Resize(ResizeProblem p) when p.outH() == 1 && p.outW() == 1 ->
          x.getNDArrayInternal().globalAvgPool();
      case Action.Reshape() -> x.reshape(x.getShape().get(0), -1);
      case Action.Linear() ->
          one(
              x.getNDArrayInternal()
                  .linear(
                      x,
                      constants.get(in.get(1)),
                      in.size() == 3 ? constants.get(in.get(2)) : null));
      default -> throw new IllegalArgumentException(step.action() + " has no translation to DJL");
    };
  }

  private static NDArray one(NDList list) {
    return list.singletonOrThrow();
  }

  /** SGD with momentum, in place as PyTorch's own. */
  private void update() {
    for (int i = 0; i < weights.size(); i++) {
      NDArray weight = weights.get(i);
      NDArray velocity = velocities.get(i);
      try (NDArray gradient = weight.getGradient();
          NDArray detached = weight.stopGradient();
          NDArray decay = detached.mul(EngineTraining.WEIGHT_DECAY)) {
        velocity.muli(EngineTraining.MOMENTUM).addi(gradient).addi(decay);
        try (NDArray change = velocity.mul(EngineTraining.LEARNING_RATE)) {
          detached.subi(change);
        }
        gradient.muli(0);
      }
    }
  }

  @Override
  public void close() {
    manager.close();
    device.close();
  }
}
