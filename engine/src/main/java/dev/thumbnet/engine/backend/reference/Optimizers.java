package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.problem.AdamStep;
import dev.thumbnet.engine.backend.problem.SgdStep;
import org.jspecify.annotations.Nullable;

/** One step of gradient descent; the formulas stand at {@link SgdStep} and {@link AdamStep}. */
final class Optimizers {
  private Optimizers() {}

  static void sgd(
      SgdStep step, int length, double[] weight, double[] gradient, double @Nullable [] velocity) {
    for (int i = 0; i < length; i++) {
      double g = gradient[i] + step.weightDecay() * weight[i];
      double direction = g;
      if (velocity != null) {
        velocity[i] = step.momentum() * velocity[i] + g;
        direction = step.nesterov() ? g + step.momentum() * velocity[i] : velocity[i];
      }
      weight[i] -= step.lr() * direction;
    }
  }

  static void adam(
      AdamStep step, int length, double[] weight, double[] gradient, double[] m, double[] v) {
    double correction1 = 1 - StrictMath.pow(step.beta1(), step.step());
    double correction2 = 1 - StrictMath.pow(step.beta2(), step.step());
    for (int i = 0; i < length; i++) {
      double g = gradient[i];
      if (step.decoupled()) {
        weight[i] *= 1 - step.lr() * step.weightDecay();
      } else {
        g += step.weightDecay() * weight[i];
      }
      m[i] = step.beta1() * m[i] + (1 - step.beta1()) * g;
      v[i] = step.beta2() * v[i] + (1 - step.beta2()) * g * g;
      double denominator = Math.sqrt(v[i]) / Math.sqrt(correction2) + step.eps();
      weight[i] -= step.lr() / correction1 * m[i] / denominator;
    }
  }
}
