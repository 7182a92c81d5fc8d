package dev.thumbnet.engine.optim;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.AdamStep;
import dev.thumbnet.engine.nn.State;
import dev.thumbnet.engine.op.InPlace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Adam (Kingma and Ba 2015) in PyTorch's form; weight decay is added to the gradient. Each
 * parameter counts its own steps.
 */
public sealed class Adam extends Optimizer permits AdamW {
  private final double beta1;
  private final double beta2;
  private final double eps;
  private final boolean decoupled;
  private final Map<String, Tensor> firstMoments;
  private final Map<String, Tensor> secondMoments;
  private final Map<String, Long> steps = new LinkedHashMap<>();

  /** Makes an optimiser with PyTorch's defaults: beta 0.9 and 0.999, eps 1e-8. */
  public Adam(List<ParamGroup> groups) {
    this(groups, 0.9, 0.999, 1e-8);
  }

  /**
   * Makes an optimiser with zero moments.
   *
   * @param groups what to learn, and with which decay
   * @param beta1 share of the first moment that is kept, in [0, 1)
   * @param beta2 share of the second moment that is kept, in [0, 1)
   * @param eps added to the denominator, positive
   */
  public Adam(List<ParamGroup> groups, double beta1, double beta2, double eps) {
    this(groups, beta1, beta2, eps, false);
  }

  Adam(List<ParamGroup> groups, double beta1, double beta2, double eps, boolean decoupled) {
    super(groups);
    if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && eps > 0)) {
      throw new IllegalArgumentException(
          "beta1 and beta2 must be in [0, 1) and eps positive, but are "
              + beta1
              + ", "
              + beta2
              + " and "
              + eps);
    }
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.eps = eps;
    this.decoupled = decoupled;
    this.firstMoments = zeros();
    this.secondMoments = zeros();
    firstMoments.keySet().forEach(name -> steps.put(name, 0L));
  }

  @Override
  final void update(String name, Tensor weight, Tensor gradient, double lr, double weightDecay) {
    int number = Math.toIntExact(steps.merge(name, 1L, Long::sum));
    AdamStep step = new AdamStep(lr, beta1, beta2, eps, weightDecay, decoupled, number);
    Tensor first = Objects.requireNonNull(firstMoments.get(name));
    Tensor second = Objects.requireNonNull(secondMoments.get(name));
    InPlace.adam(step, weight, gradient, first, second);
  }

  /**
   * Returns {@code <parameter>.exp_avg}, {@code <parameter>.exp_avg_sq} and the counter {@code
   * <parameter>.step} for each parameter.
   */
  @Override
  public final State state() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, Long> counters = new LinkedHashMap<>();
    steps.forEach(
        (name, step) -> {
          tensors.put(name + ".exp_avg", firstMoments.get(name));
          tensors.put(name + ".exp_avg_sq", secondMoments.get(name));
          counters.put(name + ".step", step);
        });
    return new State(tensors, counters);
  }

  @Override
  public final void load(State state) {
    state().copyFrom(state);
    steps.replaceAll((name, _) -> state.counters().get(name + ".step"));
  }
}
