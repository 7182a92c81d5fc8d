package dev.thumbnet.engine.optim;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Parameter;
import dev.thumbnet.engine.nn.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes parameters in place by their gradients. Parameters without a gradient, or frozen ones,
 * are left alone, decay included. For one thread at a time.
 */
public abstract sealed class Optimizer permits Sgd, Adam {
  private final List<ParamGroup> groups;

  Optimizer(List<ParamGroup> groups) {
    this.groups = List.copyOf(groups);
    Map<String, Parameter> seen = new LinkedHashMap<>();
    for (ParamGroup group : groups) {
      group
          .parameters()
          .forEach(
              (name, p) -> {
                if (seen.containsValue(p) || seen.putIfAbsent(name, p) != null) {
                  throw new IllegalArgumentException(
                      "parameter "
                          + name
                          + " is given twice; give each once, several modules with different"
                          + " prefixes");
                }
              });
    }
  }

  /** Returns the groups. */
  public final List<ParamGroup> groups() {
    return groups;
  }

  /**
   * Changes every parameter that has a gradient.
   *
   * @param lr learning rate, which each group multiplies by its factor
   */
  public final void step(double lr) {
    for (ParamGroup group : groups) {
      double groupLr = lr * group.lrScale();
      group
          .parameters()
          .forEach(
              (name, p) -> {
                Tensor gradient = p.tensor().grad();
                if (gradient != null && p.tensor().requiresGrad()) {
                  update(name, p.tensor(), gradient, groupLr, group.weightDecay());
                }
              });
    }
  }

  /** Drops the gradients of all parameters. */
  public final void zeroGrad() {
    groups.forEach(group -> group.parameters().values().forEach(p -> p.tensor().zeroGrad()));
  }

  /** Returns everything needed to continue exactly, by name of parameter and of quantity. */
  public abstract State state();

  /**
   * Takes over a state.
   *
   * @throws IllegalArgumentException if it belongs to other parameters; then nothing was changed
   */
  public abstract void load(State state);

  abstract void update(String name, Tensor weight, Tensor gradient, double lr, double weightDecay);

  /** Returns a tensor of zeros for each parameter, by name. */
  final Map<String, Tensor> zeros() {
    Map<String, Tensor> zeros = new LinkedHashMap<>();
    for (ParamGroup group : groups) {
      group
          .parameters()
          .forEach(
              (name, p) -> {
                int[] dims = p.tensor().shape().toArray();
                zeros.put(name, Tensor.zeros(p.tensor().device(), dims).keep());
              });
    }
    return zeros;
  }
}
