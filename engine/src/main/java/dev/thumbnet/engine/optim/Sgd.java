package dev.thumbnet.engine.optim;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.SgdStep;
import dev.thumbnet.engine.nn.State;
import dev.thumbnet.engine.op.InPlace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent in PyTorch's form: g' = g + decay · w; v = momentum · v + g'; w −= lr
 * · v, or lr · (g' + momentum · v) with Nesterov's look-ahead. The learning rate is not part of the
 * velocity.
 */
public final class Sgd extends Optimizer {
  private final double momentum;
  private final boolean nesterov;
  private final Map<String, Tensor> velocities;

  /**
   * Makes an optimiser with zero velocities.
   *
   * @param groups what to learn, and with which decay
   * @param momentum share of the velocity that is kept, in [0, 1); 0 for none
   * @param nesterov whether to look ahead; needs momentum
   */
  public Sgd(List<ParamGroup> groups, double momentum, boolean nesterov) {
    super(groups);
    if (!(momentum >= 0 && momentum < 1) || (nesterov && momentum == 0)) {
      throw new IllegalArgumentException(
          "momentum must be in [0, 1), and positive with Nesterov, but is " + momentum);
    }
    this.momentum = momentum;
    this.nesterov = nesterov;
    this.velocities = momentum == 0 ? Map.of() : zeros();
  }

  @Override
  void update(String name, Tensor weight, Tensor gradient, double lr, double weightDecay) {
    SgdStep step = new SgdStep(lr, momentum, weightDecay, nesterov);
    InPlace.sgd(step, weight, gradient, velocities.get(name));
  }

  /** Returns {@code <parameter>.momentum_buffer} for each parameter, nothing without momentum. */
  @Override
  public State state() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    velocities.forEach((name, v) -> tensors.put(name + ".momentum_buffer", v));
    return new State(tensors, Map.of());
  }

  @Override
  public void load(State state) {
    state().copyFrom(state);
  }
}
