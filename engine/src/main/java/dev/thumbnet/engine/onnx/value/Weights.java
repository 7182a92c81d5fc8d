package dev.thumbnet.engine.onnx.value;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Parameter;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The constants of a graph as tensors, each in the order in which the nodes that use it need it.
 * While the graph is run for the first time, without any numbers, these orders are collected and
 * placeholders given; {@link #load} then reads, arranges and registers them. Afterwards several
 * threads may ask at once.
 */
public final class Weights {
  /** What a constant is for. */
  public enum Role {
    /** Weight of a convolution or a matrix. */
    WEIGHT,
    /** What is added. */
    BIAS,
    /** What is multiplied with, element by element. */
    SCALE,
    /** Statistics, which are not learnt. */
    STATISTIC
  }

  /** Takes over what was loaded. */
  public interface Registry {
    /** Registers a tensor that is learnt under a name. */
    void parameter(String name, Parameter parameter);

    /** Registers a tensor that is not learnt under a name. */
    void buffer(String name, Tensor tensor);
  }

  private static final class Entry {
    final Literal literal;
    final Rearrangement rearrangement;
    final int[] shape;
    final Role role;
    @Nullable Parameter parameter;
    @Nullable Tensor constant;

    Entry(Literal literal, Rearrangement rearrangement, int[] shape, Role role) {
      this.literal = literal;
      this.rearrangement = rearrangement;
      this.shape = shape;
      this.role = role;
    }

    boolean learnt() {
      return literal.learnt() && role != Role.STATISTIC;
    }

    void load(Device device, String name, Registry registry) {
      Tensor tensor = Tensor.of(device, rearrangement.apply(literal.floats()), shape);
      if (learnt()) {
        parameter = new Parameter(tensor, kind());
        registry.parameter(name, parameter);
      } else {
        constant = tensor.keep();
        registry.buffer(name, constant);
      }
    }

    private Parameter.Kind kind() {
      return switch (role) {
        case WEIGHT -> Parameter.Kind.WEIGHT;
        case BIAS -> Parameter.Kind.BIAS;
        case SCALE, STATISTIC -> Parameter.Kind.NORMALIZATION;
      };
    }

    @Nullable Tensor tensor() {
      return parameter == null ? constant : parameter.tensor();
    }
  }

  private final Device device;
  private final Map<Literal, Entry> entries = new IdentityHashMap<>();
  private final Map<Literal, Entry> statistics = new IdentityHashMap<>();
  private final Map<String, Entry> named = new LinkedHashMap<>();

  /** Of each constant of one number the last tensor; its shape may depend on the input's. */
  private final Map<String, Tensor> filled = new ConcurrentHashMap<>();

  private boolean loaded;

  /** No constants yet. */
  public Weights(Device device) {
    this.device = device;
  }

  /** Returns where tensors are. */
  public Device device() {
    return device;
  }

  /** Tells whether tensors have numbers; while a graph is tried out they are placeholders. */
  boolean loaded() {
    return loaded;
  }

  /**
   * Returns a constant as a tensor.
   *
   * @param weight the constant
   * @param order the atoms of its arrangement in the wanted order
   * @param shape of the tensor
   */
  public Tensor tensor(Value.Weight weight, List<Atom> order, int[] shape, Role role) {
    Literal literal = weight.literal();
    if (literal.filled()) {
      return filled(literal, shape);
    }
    Rearrangement rearrangement = Rearrangement.of(weight.arrangement().order(), order);
    Map<Literal, Entry> known = role == Role.STATISTIC ? statistics : entries;
    Entry entry = known.get(literal);
    if (entry == null) {
      if (loaded) {
        throw new IllegalArgumentException(
            "constant '"
                + literal.name()
                + "' is needed otherwise than for the shape with which the model was read; read it"
                + " with this shape");
      }
      entry = new Entry(literal, rearrangement, shape, role);
      known.put(literal, entry);
      named.put(unused(literal.name()), entry);
    }
    Tensor loadedTensor = entry.tensor();
    Tensor tensor =
        loadedTensor == null ? Tensor.placeholder(device, Shape.of(entry.shape)) : loadedTensor;
    if (!rearrangement.equals(entry.rearrangement)) {
      // A weight is there once, in the order of the node that asked first.
      tensor = rearrangement.apply(entry.rearrangement.inverse().apply(tensor));
    }
    return Values.shaped(tensor, shape);
  }

  private Tensor filled(Literal literal, int[] shape) {
    if (!loaded) {
      return Tensor.placeholder(device, Shape.of(shape));
    }
    int[] dims = literal.dims();
    Shape wanted = Shape.of(dims);
    Tensor tensor =
        filled.compute(
            literal.name(),
            (_, last) ->
                last != null && last.shape().equals(wanted)
                    ? last
                    : Tensor.full(device, literal.fill(), dims).keep());
    return Values.shaped(tensor, shape);
  }

  private String unused(String name) {
    String free = name;
    for (int i = 2; named.containsKey(free); i++) {
      free = name + "_" + i;
    }
    return free;
  }

  /** Reads all that was asked for and hands it over under the names that the file gives. */
  public void load(Registry registry) {
    named.forEach((name, entry) -> entry.load(device, name, registry));
    loaded = true;
  }

  /** Forgets what was asked for, so that the graph can be tried with another shape. */
  public void clear() {
    entries.clear();
    statistics.clear();
    named.clear();
  }

  @Override
  public String toString() {
    return Arrays.toString(named.keySet().toArray());
  }
}
