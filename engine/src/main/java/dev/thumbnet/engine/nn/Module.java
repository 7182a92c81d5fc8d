package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A layer or a network of layers: a tree with parameters, buffers (state that is not learnt) and
 * child modules, each under a name. A subclass registers them in its constructor, in the order in
 * which PyTorch lists them, and computes {@link #forward}. Dotted paths such as {@code
 * layer1.0.conv1.weight} are the names of its state.
 *
 * <p>In evaluation mode and under {@code noGrad} several threads may run one module at a time;
 * training is for one thread.
 */
public abstract class Module {
  private final Map<String, Module> children = new LinkedHashMap<>();
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> buffers = new LinkedHashMap<>();
  private final Map<String, Counter> counters = new LinkedHashMap<>();
  private boolean training = true;
  private boolean frozen;

  /** For subclasses. A new module is in training mode. */
  protected Module() {}

  /**
   * Computes the result.
   *
   * @param x the input, for images (n, h, w, c)
   */
  public abstract Tensor forward(Tensor x);

  /**
   * Computes {@link #forward} with other tensors in the place of some parameters, which are neither
   * read nor changed. The tensors may be results of ops, such as parts of a larger module's
   * weights: gradients flow back to what they were made of. For one thread at a time.
   *
   * @param tensors by the dotted names of the parameters whose place they take
   * @throws IllegalArgumentException if there is no such parameter, or its shape is another
   */
  public final Tensor forwardWith(Map<String, Tensor> tensors, Tensor x) {
    Map<Parameter, Tensor> substitutes = new LinkedHashMap<>();
    Map<String, Parameter> own = namedParameters();
    tensors.forEach(
        (name, tensor) -> {
          Parameter parameter = own.get(name);
          if (parameter == null) {
            throw new IllegalArgumentException("there is no parameter " + name);
          }
          Shape shape = parameter.tensor().shape();
          if (!tensor.shape().equals(shape)) {
            throw new IllegalArgumentException(
                "parameter " + name + " must have shape " + shape + ", not " + tensor.shape());
          }
          substitutes.put(parameter, tensor);
        });
    try {
      substitutes.forEach(Parameter::substitute);
      return forward(x);
    } finally {
      substitutes.keySet().forEach(parameter -> parameter.substitute(null));
    }
  }

  // ---------------------------------------------------------------- registration

  /** Registers a child and returns it. */
  protected final <M extends Module> M child(String name, M module) {
    checkName(name);
    children.put(name, module);
    return module;
  }

  /** Registers a parameter and returns it. */
  protected final Parameter parameter(String name, Parameter parameter) {
    checkName(name);
    parameters.put(name, parameter);
    return parameter;
  }

  /** Registers a tensor that belongs to the state but is not learnt, and returns it. */
  protected final Tensor buffer(String name, Tensor tensor) {
    checkName(name);
    buffers.put(name, tensor.keep());
    return tensor;
  }

  /** Registers a whole number that belongs to the state, and returns it. */
  final Counter counter(String name) {
    checkName(name);
    Counter counter = new Counter();
    counters.put(name, counter);
    return counter;
  }

  private void checkName(String name) {
    if (name.isEmpty() || name.contains(".")) {
      throw new IllegalArgumentException(
          "a name must not be empty or contain a dot: \"" + name + "\"");
    }
    if (children.containsKey(name)
        || parameters.containsKey(name)
        || buffers.containsKey(name)
        || counters.containsKey(name)) {
      throw new IllegalArgumentException("the name " + name + " is taken in this module");
    }
  }

  // ---------------------------------------------------------------- the tree

  /** Returns the children by name, in the order of registration. */
  public final Map<String, Module> children() {
    return Collections.unmodifiableMap(children);
  }

  /** Returns this module and all below it, each before its children. */
  public final List<Module> modules() {
    List<Module> all = new ArrayList<>();
    walk("", (_, module) -> all.add(module));
    return all;
  }

  /** Visits this module and all below it, with the prefix of the names in each. */
  private void walk(String prefix, BiConsumer<String, Module> visitor) {
    visitor.accept(prefix, this);
    children.forEach((name, module) -> module.walk(prefix + name + ".", visitor));
  }

  /** Returns all parameters by dotted name. */
  public final Map<String, Parameter> namedParameters() {
    Map<String, Parameter> all = new LinkedHashMap<>();
    walk("", (prefix, m) -> m.parameters.forEach((name, p) -> all.put(prefix + name, p)));
    return all;
  }

  /** Returns all parameters. */
  public final List<Parameter> parameters() {
    return List.copyOf(namedParameters().values());
  }

  /** Returns all buffers that are tensors by dotted name; counters are in {@link #state}. */
  public final Map<String, Tensor> namedBuffers() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    walk("", (prefix, m) -> m.buffers.forEach((name, b) -> all.put(prefix + name, b)));
    return all;
  }

  /** Returns the number of elements of all parameters. */
  public final long parameterCount() {
    return parameters().stream().mapToLong(p -> p.tensor().size()).sum();
  }

  // ---------------------------------------------------------------- state

  /** Returns the names of all parameters, buffers and counters in the order of PyTorch. */
  public final List<String> stateNames() {
    List<String> all = new ArrayList<>();
    walk(
        "",
        (prefix, m) -> {
          m.parameters.keySet().forEach(name -> all.add(prefix + name));
          m.buffers.keySet().forEach(name -> all.add(prefix + name));
          m.counters.keySet().forEach(name -> all.add(prefix + name));
        });
    return all;
  }

  /** Returns all parameters, buffers and counters by dotted name. */
  public final State state() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, Long> numbers = new LinkedHashMap<>();
    walk(
        "",
        (prefix, m) -> {
          m.parameters.forEach((name, p) -> tensors.put(prefix + name, p.tensor()));
          m.buffers.forEach((name, b) -> tensors.put(prefix + name, b));
          m.counters.forEach((name, c) -> numbers.put(prefix + name, c.value()));
        });
    return new State(tensors, numbers);
  }

  /**
   * Copies a state into this module.
   *
   * @throws IllegalArgumentException if a name is missing or unknown or a shape differs; then
   *     nothing was changed
   */
  public final void load(State source) {
    state().copyFrom(source);
    walk(
        "",
        (prefix, m) ->
            m.counters.forEach(
                (name, c) -> c.set(Objects.requireNonNull(source.counters().get(prefix + name)))));
  }

  // ---------------------------------------------------------------- modes

  /** Puts this module and all below it into training mode, but for what is frozen. */
  public final void train() {
    modules().forEach(m -> m.training = !m.frozen);
  }

  /** Puts this module and all below it into evaluation mode. */
  public final void eval() {
    modules().forEach(m -> m.training = false);
  }

  /** Tells whether this module is in training mode. */
  public final boolean training() {
    return training;
  }

  /** Sets the mode of this module alone. */
  final void training(boolean on) {
    training = on;
  }

  /** Drops all gradients. */
  public final void zeroGrad() {
    parameters().forEach(p -> p.tensor().zeroGrad());
  }

  /**
   * Freezes (false) or thaws all parameters: whether they want gradients. Those of modules that are
   * {@linkplain #freeze frozen} for good never do.
   */
  public final void requiresGrad(boolean wanted) {
    for (Module m : modules()) {
      if (!m.frozen) {
        m.parameters.values().forEach(p -> p.tensor().requiresGrad(wanted));
      }
    }
  }

  /**
   * Takes this module and all below it out of training for good, as part of a larger module that is
   * trained: parameters want no gradients, and it stays in evaluation mode, in which normalisation
   * neither looks at a batch nor changes its statistics.
   */
  public final void freeze() {
    requiresGrad(false);
    eval();
    modules().forEach(m -> m.frozen = true);
  }

  /** Tells whether this module is frozen. */
  public final boolean frozen() {
    return frozen;
  }

  /** Returns the names of all parameters and buffers of frozen modules. */
  public final Set<String> frozenNames() {
    Set<String> all = new LinkedHashSet<>();
    walk(
        "",
        (prefix, m) -> {
          if (m.frozen) {
            m.parameters.keySet().forEach(name -> all.add(prefix + name));
            m.buffers.keySet().forEach(name -> all.add(prefix + name));
          }
        });
    return all;
  }

  /**
   * Restarts the random numbers of all layers that draw some, each from its own split. Called with
   * {@code rng.split(step)} before each step or epoch, it makes training repeatable from there on
   * without saving any generator.
   */
  public final void reseed(Rng rng) {
    int number = 0;
    for (Module m : modules()) {
      m.restart(rng.split(number++));
    }
  }

  /** Takes over a generator, if this module alone draws random numbers. */
  protected void restart(Rng rng) {}

  /** A whole number that belongs to a module's state. */
  static final class Counter {
    private long value;

    long value() {
      return value;
    }

    void set(long newValue) {
      value = newValue;
    }

    long increment() {
      return ++value;
    }
  }
}
