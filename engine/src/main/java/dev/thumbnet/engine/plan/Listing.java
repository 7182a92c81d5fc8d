package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import dev.thumbnet.engine.backend.problem.Padding;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.op.trace.Action;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints a plan for people. */
final class Listing {
  private Listing() {}

  static String of(Plan plan, Program program, List<Integer> slots) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "plan from %s to %s, %.1f million multiply-adds per picture, %.1f MB of weights,"
                + " %.1f MB for each workspace of %d buffers%n",
            plan.input(),
            plan.output(),
            program.macsPerPicture() / 1e6,
            plan.weightBytes() / 1e6,
            4e-6 * plan.workspaceElements(),
            slots.size()));
    int number = 1;
    for (Step step : program.steps) {
      text.append(line(number++, step)).append('\n');
    }
    return text.toString();
  }

  /** Returns the line of a step. */
  static String line(int number, Step step) {
    String from =
        step.inputs.stream()
            .map(v -> v.isConstant() ? "constant" : "b" + v.slot)
            .collect(Collectors.joining(", "));
    String head =
        String.format(
            Locale.ROOT,
            "%3d  b%d = %-40s %-18s",
            number,
            step.output.slot,
            name(step) + "(" + from + ")",
            step.output.shape);
    if (!step.isConvolution()) {
      return head.stripTrailing();
    }
    return head
        + String.format(
            Locale.ROOT,
            "%8.2f MMAC  %-12s %8.2f MB",
            step.macsPerPicture() / 1e6,
            step.prepared().algorithm(),
            step.prepared().weightBytes() / 1e6);
  }

  private static String name(Step step) {
    return switch (step.action) {
      case Action.Conv2d(Conv2dProblem p) -> "Conv" + window(p) + fused(step);
      case Action.ConvTranspose2d(Conv2dProblem p) -> "ConvTranspose" + window(p) + fused(step);
      case Action.Linear() -> "Linear" + fused(step);
      case Action.BatchNorm norm -> "BatchNorm" + (norm.relu() ? " + ReLU" : "");
      case Action.Elementwise(Unary f) -> "Elementwise " + lower(f);
      case Action.LeakyRelu(double slope) -> "LeakyRelu" + number(" ", slope);
      case Action.Elu(double scale, double alpha, double rate) ->
          "Elu" + number(" ", scale) + number(" ", alpha) + number(" ", rate);
      case Action.Clamp _ -> "Clamp";
      case Action.Affine(double scale, double shift) ->
          "Affine" + number(" * ", scale) + number(" + ", shift);
      case Action.Add(double scale) -> "Add" + times(scale);
      case Action.AddRelu() -> "AddRelu";
      case Action.Multiply() -> "Multiply";
      case Action.Maximum() -> "Maximum";
      case Action.Minimum() -> "Minimum";
      case Action.Max(AxisProblem p) -> "Max" + along(p);
      case Action.MatMul(int batch, GemmProblem p) ->
          "MatMul " + batch + " of " + p.m() + "x" + p.k() + "x" + p.n();
      case Action.Divide() -> "Divide";
      case Action.BroadcastAdd(AxisProblem p, double scale) ->
          "BroadcastAdd" + along(p) + times(scale);
      case Action.BroadcastMultiply(AxisProblem p) -> "BroadcastMultiply" + along(p);
      case Action.Expand(AxisProblem p) -> "Expand" + along(p);
      case Action.Sum(AxisProblem p, double scale) -> "Sum" + along(p) + times(scale);
      case Action.Softmax() -> "Softmax";
      case Action.LogSoftmax() -> "LogSoftmax";
      case Action.Concat(int axis) -> "Concat axis " + axis;
      case Action.Slice(int axis, int from, int to) ->
          "Slice axis " + axis + " [" + from + ", " + to + ")";
      case Action.MaxPool(PoolProblem p) -> "MaxPool" + window(p);
      case Action.AveragePool(PoolProblem p, boolean countPad) ->
          "AveragePool" + window(p) + (countPad ? " padding counted" : "");
      case Action.Resize(ResizeProblem p) -> "Resize " + lower(p.filter());
      case Action.Reshape() -> "Reshape";
      case Action.Transpose(TransposeProblem p) -> "Transpose " + p.axes();
      case Action.Gather(int axis, GatherProblem p, double _) ->
          "Gather axis " + axis + " " + p.ofRows().size() + "x" + p.ofColumns().size();
    };
  }

  private static String fused(Step step) {
    Unary f = step.activation;
    String end = f == null ? "" : " + " + (f == Unary.RELU ? "ReLU" : lower(f));
    return (step.addsResidual ? " + residual" : "") + end;
  }

  private static String window(Conv2dProblem p) {
    return " "
        + p.kh()
        + "x"
        + p.kw()
        + pair(" /", p.strideH(), p.strideW(), 1, 1)
        + pair(" dilation ", p.dilationH(), p.dilationW(), 1, 1)
        + around(p.pad(), p.dilationH() * (p.kh() - 1) / 2, p.dilationW() * (p.kw() - 1) / 2)
        + (p.groups() == 1 ? "" : " groups " + p.groups());
  }

  private static String window(PoolProblem p) {
    return " "
        + p.kh()
        + "x"
        + p.kw()
        + pair(" /", p.strideH(), p.strideW(), 1, 1)
        + pair(" dilation ", p.dilationH(), p.dilationW(), 1, 1)
        + around(p.pad(), p.dilationH() * (p.kh() - 1) / 2, p.dilationW() * (p.kw() - 1) / 2)
        + (p.ceil() ? " rounded up" : "");
  }

  /** Returns padding, or nothing if it is the usual one. */
  private static String around(Padding pad, int usualH, int usualW) {
    return pad.equals(Padding.of(usualH, usualW)) ? "" : " pad " + pad;
  }

  /** Returns two numbers, (vertical, horizontal), or nothing if they are the usual ones. */
  private static String pair(String before, int h, int w, int usualH, int usualW) {
    if (h == usualH && w == usualW) {
      return "";
    }
    return before + h + (h == w ? "" : "x" + w);
  }

  /** Returns what repeats or is summed up, between what is before and behind it. */
  private static String along(AxisProblem p) {
    return " " + p.outer() + "x[" + p.repeat() + "]x" + p.inner();
  }

  private static String times(double scale) {
    return scale == 1 ? "" : number(" * ", scale);
  }

  private static String number(String before, double value) {
    return before + String.format(Locale.ROOT, "%.4g", value);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
