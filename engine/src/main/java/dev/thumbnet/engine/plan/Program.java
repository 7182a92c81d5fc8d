package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Trace;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a trace into steps over values. */
final class Program {
  final Value input;
  final Value result;
  final List<Step> steps;

  /** The results of the modules that follow each other, of which the last one is the result. */
  private final List<Value> ends = new ArrayList<>();

  private final Map<Tensor, Value> values = new IdentityHashMap<>();

  private Program(Trace trace, List<Tensor> results) {
    trace.checkPicturesApart();
    input = value(trace.input());
    List<Step> all = new ArrayList<>();
    for (Trace.Step step : trace.steps()) {
      all.add(translate(step));
    }
    Value from = input;
    for (Tensor tensor : results) {
      Value end = values.get(tensor);
      if (end == null || end == from) {
        throw new IllegalArgumentException("the module computes nothing from its input");
      }
      ends.add(end);
      from = end;
    }
    result = from;
    steps = Folding.run(all, ends);
    values.clear(); // a traced tensor knows what it was made of: the module's parameters, too
  }

  private Program(Value input, Value result, List<Step> steps) {
    this.input = input;
    this.result = result;
    this.steps = steps;
    ends.add(result);
  }

  /**
   * Translates modules that follow each other; nothing is folded from one into another.
   *
   * @param modules in their order, at least one
   * @param example what the first one takes
   */
  static Program of(List<? extends Module> modules, Tensor example) {
    List<Tensor> results = new ArrayList<>();
    Trace trace =
        Trace.of(
            x -> {
              Tensor y = x;
              for (Module module : modules) {
                y = module.forward(y);
                results.add(y);
              }
              return y;
            },
            example);
    return new Program(trace, results);
  }

  /** Returns the number of modules that follow each other. */
  int parts() {
    return ends.size();
  }

  /** Returns one of the modules as a program of its own, with the same, prepared, convolutions. */
  Program part(int index) {
    Value first = index == 0 ? input : ends.get(index - 1);
    Value last = ends.get(index);
    int from = index == 0 ? 0 : steps.indexOf(first.producer) + 1;
    int to = steps.indexOf(last.producer) + 1;
    List<Step> between = steps.subList(from, to);
    Map<Value, Value> own = new IdentityHashMap<>();
    Value start = new Value(first.shape);
    own.put(first, start);
    between.forEach(step -> own.put(step.output, new Value(step.output.shape)));
    List<Step> part = between.stream().map(step -> step.on(v -> own.getOrDefault(v, v))).toList();
    return new Program(start, own.getOrDefault(last, last), part);
  }

  /** Tells whether another program does the same work on the same buffers, see {@link Step}. */
  boolean sameAs(Program other) {
    boolean same =
        steps.size() == other.steps.size()
            && input.sameAs(other.input)
            && result.sameAs(other.result);
    for (int i = 0; same && i < steps.size(); i++) {
      same = steps.get(i).sameAs(other.steps.get(i));
    }
    return same;
  }

  /** Returns the multiply-adds of one picture. */
  long macsPerPicture() {
    return steps.stream().mapToLong(Step::macsPerPicture).sum();
  }

  private Value value(Tensor tensor) {
    Value value = new Value(tensor.shape());
    values.put(tensor, value);
    return value;
  }

  private Step translate(Trace.Step traced) {
    List<Tensor> operands = traced.operands();
    Conv2dProblem convolution = convolution(traced);
    boolean weighted = traced.weighted();
    List<Value> inputs = new ArrayList<>();
    for (Tensor operand : weighted ? operands.subList(0, 1) : operands) {
      inputs.add(operand(operand));
    }
    if (weighted) {
      checkWeights(traced);
    }
    Step step = new Step(copied(traced.action()), convolution, inputs, value(traced.result()));
    if (convolution != null) {
      step.convolve(operands.get(1), operands.size() == 3 ? operands.get(2) : null);
    } else if (weighted) {
      step.normalise(kept(operands.get(1)), kept(operands.get(2)));
    }
    return step;
  }

  private void checkWeights(Trace.Step traced) {
    List<Tensor> operands = traced.operands();
    if (!operands.getFirst().isPlaceholder()
        || operands.subList(1, operands.size()).stream().anyMatch(Tensor::isPlaceholder)) {
      throw new IllegalArgumentException(
          traced.action()
              + " has weights that depend on the input, which cannot be part of a plan");
    }
  }

  /** Returns the same with constants that belong to the plan, not to the module. */
  private static Action copied(Action action) {
    return switch (action) {
      case Action.BatchNorm(Tensor mean, Tensor variance, double eps, boolean relu) ->
          new Action.BatchNorm(kept(mean), kept(variance), eps, relu);
      case Action.Clamp(Tensor low, Tensor high) -> new Action.Clamp(kept(low), kept(high));
      case Action.Conv2d _, Action.ConvTranspose2d _, Action.Linear _ -> action;
      case Action.Elementwise _, Action.LeakyRelu _ -> action;
      case Action.Affine _, Action.Add _, Action.AddRelu _, Action.Multiply _ -> action;
      case Action.Divide _, Action.BroadcastAdd _, Action.BroadcastMultiply _ -> action;
      case Action.Expand _, Action.Sum _, Action.Softmax _, Action.LogSoftmax _ -> action;
      case Action.Concat _, Action.Slice _, Action.Reshape _ -> action;
      case Action.MaxPool _, Action.AveragePool _, Action.Resize _ -> action;
      case Action.Transpose _, Action.Gather _, Action.Elu _ -> action;
      case Action.Maximum _, Action.Minimum _, Action.Max _, Action.MatMul _ -> action;
    };
  }

  private static Tensor kept(Tensor constant) {
    return constant.copy().keep();
  }

  /** Returns the shape of a convolution or of a linear layer, if it is one. */
  private static @Nullable Conv2dProblem convolution(Trace.Step traced) {
    return switch (traced.action()) {
      case Action.Conv2d(Conv2dProblem problem) -> problem;
      case Action.ConvTranspose2d(Conv2dProblem problem) -> problem;
      case Action.Linear() -> {
        Shape x = traced.operands().getFirst().shape();
        int rows = x.size(1, x.rank() - 1);
        int out = traced.result().dim(-1);
        yield Conv2dProblem.of(x.dim(0), rows, 1, x.dim(-1), out, 1, 1, 0);
      }
      case Action.BatchNorm _, Action.Elementwise _, Action.LeakyRelu _, Action.Clamp _ -> null;
      case Action.Affine _, Action.Add _, Action.AddRelu _, Action.Multiply _ -> null;
      case Action.Divide _, Action.BroadcastAdd _, Action.BroadcastMultiply _ -> null;
      case Action.Expand _, Action.Sum _, Action.Softmax _, Action.LogSoftmax _ -> null;
      case Action.Concat _, Action.Slice _, Action.Reshape _ -> null;
      case Action.MaxPool _, Action.AveragePool _, Action.Resize _ -> null;
      case Action.Transpose _, Action.Gather _, Action.Elu _ -> null;
      case Action.Maximum _, Action.Minimum _, Action.Max _, Action.MatMul _ -> null;
    };
  }

  /** Returns an operand: a value that was computed before, or a constant. */
  private Value operand(Tensor operand) {
    Value value = values.get(operand);
    return value == null ? Value.constant(kept(operand)) : value;
  }
}
