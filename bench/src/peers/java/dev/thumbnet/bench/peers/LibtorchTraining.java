package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.harness.Contender;
import dev.thumbnet.engine.Device;
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
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A step of training in the newest eager PyTorch: each op of the engine's trace is one of
 * PyTorch's, as in {@link PyTorchTraining}, and its own SGD follows. Returns the loss.
 */
final class LibtorchTraining implements Contender {
  private final boolean channelsLast;
  private final Trace trace;
  private final Map<dev.thumbnet.engine.Tensor, Tensor> constants = new IdentityHashMap<>();
  private final List<Tensor> weights = new ArrayList<>();
  private final SGD optimizer;
  private final Tensor pictures;
  private final Tensor labels;

  LibtorchTraining(Workload workload, boolean channelsLast) {
    this.channelsLast = channelsLast;
    int size = workload.size();
    // Stays open, for the trace names its tensors.
    Device device = Device.cpu(1);
    Module module = workload.module(device, 1);
    module.eval();
    trace = Trace.of(module::forward, dev.thumbnet.engine.Tensor.zeros(device, 1, size, size, 3));
    for (Trace.Step step : trace.steps()) {
      parameters(step);
    }
    pictures = planes(workload.pictures(), workload.batch(), size, size, 3);
    long[] classes = Arrays.stream(workload.labels()).asLongStream().toArray();
    labels =
        torch
            .from_blob(
                new LongPointer(classes),
                new long[] {classes.length},
                new TensorOptions(torch.ScalarType.Long))
            .clone();
    SGDOptions options = new SGDOptions(EngineTraining.LEARNING_RATE);
    options.momentum().put(EngineTraining.MOMENTUM);
    options.weight_decay().put(EngineTraining.WEIGHT_DECAY);
    optimizer = new SGD(new TensorVector(weights.toArray(Tensor[]::new)), options);
  }

  /** Makes PyTorch's copies of what a step learns or keeps. */
  private void parameters(Trace.Step step) {
    List<dev.thumbnet.engine.Tensor> constant = step.operands().subList(1, step.operands().size());
    switch (step.action()) {
      case Action.Conv2d(Conv2dProblem p) when p.pad().symmetric() -> {
        float[] hwio = constant.getFirst().toArray();
        float[] ohwi = Layout.transposed(hwio, hwio.length / p.k(), p.k());
        learn(constant.getFirst(), planes(ohwi, p.k(), p.kh(), p.kw(), p.c() / p.groups()));
        constant.stream().skip(1).forEach(this::learnVector);
      }
      case Action.Linear() -> {
        dev.thumbnet.engine.Tensor weight = constant.getFirst();
        float[] outIn = Layout.transposed(weight.toArray(), weight.dim(0), weight.dim(1));
        learn(weight, tensor(outIn, weight.dim(1), weight.dim(0)));
        constant.stream().skip(1).forEach(this::learnVector);
      }
      case Action.BatchNorm norm -> {
        constant.forEach(this::learnVector);
        constants.put(norm.mean(), vector(norm.mean()));
        constants.put(norm.variance(), vector(norm.variance()));
      }
      default -> {}
    }
  }

  private void learnVector(dev.thumbnet.engine.Tensor tensor) {
    learn(tensor, vector(tensor));
  }

  private void learn(dev.thumbnet.engine.Tensor tensor, Tensor copy) {
    constants.put(tensor, copy.set_requires_grad(true));
    weights.add(copy);
  }

  private static Tensor vector(dev.thumbnet.engine.Tensor tensor) {
    float[] elements = tensor.toArray();
    return tensor(elements, elements.length);
  }

  private static Tensor tensor(float[] elements, long... shape) {
    try (FloatPointer pointer = new FloatPointer(elements)) {
      return torch.from_blob(pointer, shape).clone();
    }
  }

  /** Returns (n, h, w, c) elements as a tensor (n, c, h, w), in the layout wanted. */
  private Tensor planes(float[] nhwc, int n, int h, int w, int c) {
    return channelsLast
        ? tensor(nhwc, n, h, w, c).permute(0, 3, 1, 2)
        : tensor(Layout.nchw(nhwc, n, h * w, c), n, c, h, w);
  }

  @Override
  public String name() {
    return "PyTorch";
  }

  @Override
  public float[] run() {
    try (PointerScope _ = new PointerScope()) {
      optimizer.zero_grad();
      Tensor loss = torch.cross_entropy_loss(forward(), labels);
      loss.backward();
      optimizer.step();
      return new float[] {loss.item_float()};
    }
  }

  private Tensor forward() {
    Map<dev.thumbnet.engine.Tensor, Tensor> values = new IdentityHashMap<>();
    values.put(trace.input(), pictures);
    for (Trace.Step step : trace.steps()) {
      values.put(step.result(), apply(step, values));
    }
    return values.get(trace.output());
  }

  private Tensor apply(Trace.Step step, Map<dev.thumbnet.engine.Tensor, Tensor> values) {
    List<dev.thumbnet.engine.Tensor> in = step.operands();
    Tensor x = values.get(in.get(0));
    return switch (step.action()) {
      case Action.Conv2d(Conv2dProblem p) when p.pad().symmetric() ->
          torch.conv2d(
              x,
              constants.get(in.get(1)),
              bias(in),
              new long[] {p.strideH(), p.strideW()},
              new long[] {p.pad().top(), p.pad().left()},
              new long[] {p.dilationH(), p.dilationW()},
              p.groups());
      case Action.BatchNorm(var mean, var variance, double eps, boolean relu) -> {
        Tensor y =
            torch.batch_norm(
                x,
                optional(in.get(1)),
                optional(in.get(2)),
                optional(mean),
                optional(variance),
                true,
                0.1,
                eps,
                false);
        yield relu ? y.relu_() : y;
      }
      case Action.Elementwise(Unary f) when f == Unary.RELU -> x.relu();
      case Action.AddRelu() -> x.add(values.get(in.get(1))).relu_();
      case Action.MaxPool(PoolProblem p) when p.pad().symmetric() ->
          torch.max_pool2d(
              x,
              new long[] {p.kh(), p.kw()},
              new long[] {p.strideH(), p.strideW()},
              new long[] {p.pad().top(), p.pad().left()},
              new long[] {p.dilationH(), p.dilationW()},
              p.ceil());
      case Action.Resize(ResizeProblem p) when p.outH() == 1 && p.outW() == 1 ->
          torch.adaptive_avg_pool2d(x, 1, 1);
      case Action.Reshape() -> x.flatten(1, -1);
      case Action.Linear() -> torch.linear(x, constants.get(in.get(1)), bias(in));
      default ->
          throw new IllegalArgumentException(step.action() + " has no translation to PyTorch");
    };
  }

  private TensorOptional bias(List<dev.thumbnet.engine.Tensor> in) {
    return in.size() == 3 ? optional(in.get(2)) : new TensorOptional();
  }

  private TensorOptional optional(dev.thumbnet.engine.Tensor tensor) {
    return new TensorOptional(constants.get(tensor));
  }
}
