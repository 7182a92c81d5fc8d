package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
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
            "%3d  b%d = %-34s %-18s",
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
    Conv2dProblem p = step.convolution;
    if (p == null) {
      return step.action.getClass().getSimpleName() + detail(step.action);
    }
    String kind =
        step.action instanceof Action.Linear
            ? "Linear"
            : "Conv " + p.kh() + "x" + p.kw() + (p.strideH() == 1 ? "" : " /" + p.strideH());
    return kind + (step.addsResidual ? " + residual" : "") + (step.relu ? " + ReLU" : "");
  }

  /** What two steps of one kind and one shape may differ in, and take another time for. */
  private static String detail(Action action) {
    return switch (action) {
      case Action.MaxPool(PoolProblem p) -> window(p);
      case Action.AveragePool(PoolProblem p, _) -> window(p);
      case Action.Resize(ResizeProblem p) -> " " + p.filter().name().toLowerCase(Locale.ROOT);
      default -> "";
    };
  }

  private static String window(PoolProblem p) {
    return " " + p.kh() + "x" + p.kw();
  }
}
