package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.backend.problem.Conv2dProblem;
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
      Action action = step.action;
      return action.getClass().getSimpleName();
    }
    String kind =
        step.action instanceof Action.Linear
            ? "Linear"
            : "Conv " + p.kh() + "x" + p.kw() + (p.strideH() == 1 ? "" : " /" + p.strideH());
    return kind + (step.addsResidual ? " + residual" : "") + (step.relu ? " + ReLU" : "");
  }
}
