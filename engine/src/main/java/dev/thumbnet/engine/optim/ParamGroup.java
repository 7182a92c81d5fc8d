package dev.thumbnet.engine.optim;

import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Parameter;
import dev.thumbnet.engine.nn.Parameter.Kind;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Parameters that an optimiser treats alike.
 *
 * @param parameters by name; names must differ between all groups of an optimiser
 * @param lrScale factor on the learning rate, 0 or more
 * @param weightDecay L2 penalty, 0 or more
 */
public record ParamGroup(Map<String, Parameter> parameters, double lrScale, double weightDecay) {
  /** Keeps an unmodifiable copy of the map, in its order. */
  public ParamGroup {
    if (!(lrScale >= 0) || !(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "lrScale and weightDecay must not be negative: " + lrScale + ", " + weightDecay);
    }
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /**
   * Returns one group of all parameters of a module, biases and normalisation included, as
   * PyTorch's optimisers do by default.
   *
   * @param prefix put before each name, to tell several modules apart; may be empty
   */
  public static ParamGroup all(String prefix, Module module, double weightDecay) {
    return select(prefix, module, _ -> true, weightDecay);
  }

  /**
   * Returns two groups: weights, which decay, and biases and normalisation, which do not.
   *
   * @param prefix put before each name, to tell several modules apart; may be empty
   */
  public static List<ParamGroup> split(String prefix, Module module, double weightDecay) {
    return List.of(
        select(prefix, module, kind -> kind == Kind.WEIGHT, weightDecay),
        select(prefix, module, kind -> kind != Kind.WEIGHT, 0));
  }

  /**
   * As {@link #split(String, Module, double)}, with a factor on the learning rate.
   *
   * @param lrScale 0 or more
   */
  public static List<ParamGroup> split(
      String prefix, Module module, double weightDecay, double lrScale) {
    return split(prefix, module, weightDecay).stream().map(g -> g.withLrScale(lrScale)).toList();
  }

  private static ParamGroup select(
      String prefix, Module module, Predicate<Kind> wanted, double weightDecay) {
    Map<String, Parameter> selected = new LinkedHashMap<>();
    module
        .namedParameters()
        .forEach(
            (name, p) -> {
              if (wanted.test(p.kind())) {
                selected.put(prefix + name, p);
              }
            });
    return new ParamGroup(selected, 1, weightDecay);
  }

  /** Returns this group with another factor on the learning rate. */
  public ParamGroup withLrScale(double scale) {
    return new ParamGroup(parameters, scale, weightDecay);
  }
}
