package dev.thumbnet.engine.io;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Exchanges the state of a module (parameters, running statistics, counters) with a file in
 * PyTorch's layout, as its {@code state_dict} has it. Names are the module's own, which for the
 * networks that torchvision has are torchvision's.
 *
 * <p>The weight of a {@link Conv2d} is (out, in, kh, kw) in the file, that of a {@link Linear}
 * (out, in), everything else as in the engine. Whether a linear layer's input is a flattened
 * picture cannot be seen from the layer, so {@link #flattened} must tell.
 *
 * <p>Numbers are floats: other floating-point types are converted on reading, and {@code F32} is
 * written. Instances are not safe for use by several threads at once.
 *
 * <pre>{@code
 * try (SafeTensors file = SafeTensors.open(path)) {
 *   StateDict.of(network).load(file);
 * }
 * }</pre>
 */
public final class StateDict {
  private final Module module;
  private final Map<String, Layout> layouts = new LinkedHashMap<>();

  /**
   * What of a file does not fit a module.
   *
   * @param missing names that the module has and the file lacks
   * @param unexpected names that the file has and the module lacks
   * @param misshaped names that both have, with the two shapes or types
   */
  public record Mismatch(List<String> missing, List<String> unexpected, List<String> misshaped) {
    /** Keeps unmodifiable copies. */
    public Mismatch {
      missing = List.copyOf(missing);
      unexpected = List.copyOf(unexpected);
      misshaped = List.copyOf(misshaped);
    }

    /** Whether everything fits. */
    public boolean isEmpty() {
      return missing.isEmpty() && unexpected.isEmpty() && misshaped.isEmpty();
    }
  }

  private StateDict(Module module) {
    this.module = module;
    module
        .state()
        .tensors()
        .forEach((name, tensor) -> layouts.put(name, Layout.same(tensor.shape().toArray())));
    addWeights("", module);
  }

  /** Makes an exchange for a module; it is changed only by the methods that load. */
  public static StateDict of(Module module) {
    return new StateDict(module);
  }

  private void addWeights(String prefix, Module parent) {
    String weight = prefix + "weight";
    switch (parent) {
      case Conv2d conv -> layouts.put(weight, Layout.convolution(shape(conv.weight().tensor())));
      case Linear linear -> layouts.put(weight, Layout.linear(shape(linear.weight().tensor())));
      default -> {}
    }
    parent.children().forEach((name, child) -> addWeights(prefix + name + ".", child));
  }

  private static int[] shape(Tensor tensor) {
    return tensor.shape().toArray();
  }

  /**
   * Says that the input of a linear layer is a flattened picture: its features are in the order h,
   * w, c in the engine and c, h, w in PyTorch.
   *
   * @param weight name of the layer's weight, such as {@code classifier.0.weight}
   * @param height rows of the picture
   * @param width columns of the picture
   * @return this
   * @throws IllegalArgumentException if there is no such linear layer or its input is no multiple
   *     of height · width
   */
  public StateDict flattened(String weight, int height, int width) {
    Layout layout = layouts.get(weight);
    if (layout == null || layout.axes().length != 2) {
      throw noPicture(weight + " is no linear layer's weight", height, width);
    }
    int inputs = layout.axes()[0];
    if (inputs % Math.multiplyExact(height, width) != 0) {
      throw noPicture(weight + " has " + inputs + " inputs", height, width);
    }
    layouts.put(weight, Layout.linearAfterPicture(layout.axes(), height, width));
    return this;
  }

  private static IllegalArgumentException noPicture(String problem, int height, int width) {
    return new IllegalArgumentException(
        problem
            + ", so they are no flattened picture of "
            + height
            + "x"
            + width
            + "; check the name and the size");
  }

  /**
   * Loads the whole state of the module.
   *
   * @throws StateDictException if a tensor is missing, unexpected or of another shape or type; then
   *     nothing was changed
   * @throws SafeTensorsException if the file cannot be read; then nothing was changed
   */
  public void load(SafeTensors file) {
    Mismatch mismatch = compare(file);
    if (!mismatch.isEmpty()) {
      throw new StateDictException(file.toString(), mismatch);
    }
    copy(file);
  }

  /**
   * Loads the whole state of the module from a file that may have other tensors, too.
   *
   * @throws StateDictException if a tensor is missing or of another shape or type; then nothing was
   *     changed
   * @throws SafeTensorsException if the file cannot be read; then nothing was changed
   */
  public void loadOwn(SafeTensors file) {
    Mismatch all = compare(file);
    Mismatch own = new Mismatch(all.missing(), List.of(), all.misshaped());
    if (!own.isEmpty()) {
      throw new StateDictException(file.toString(), own);
    }
    copy(file);
  }

  /**
   * Loads those tensors of the file that the module has in the same shape, for instance all but the
   * last layer of a network for other classes, and leaves the rest of the module alone.
   *
   * @return what did not fit
   * @throws SafeTensorsException if the file cannot be read; then nothing was changed
   */
  public Mismatch loadMatching(SafeTensors file) {
    Mismatch mismatch = compare(file);
    copy(file);
    return mismatch;
  }

  /**
   * Adds the state of the module to a file.
   *
   * @throws IllegalArgumentException if the file has one of the names already
   */
  public void putInto(SafeTensorsWriter writer) {
    State state = module.state();
    for (String name : module.stateNames()) {
      Tensor tensor = state.tensors().get(name);
      Layout layout = layouts.get(name);
      if (tensor == null || layout == null) {
        long[] count = {state.counters().get(name)};
        writer.put(name, DType.I64, new long[0], count);
      } else {
        writer.put(name, layout.torchShape(), layout.toTorch(tensor.toArray()));
      }
    }
  }

  private Mismatch compare(SafeTensors file) {
    List<String> missing = new ArrayList<>();
    List<String> misshaped = new ArrayList<>();
    for (String name : module.stateNames()) {
      SafeTensors.Entry entry = file.tensors().get(name);
      if (entry == null) {
        missing.add(name);
      } else if (!fits(name, entry)) {
        misshaped.add(name + " " + describe(entry) + " instead of " + expected(name));
      }
    }
    Set<String> known = new HashSet<>(module.stateNames());
    List<String> unexpected =
        file.tensors().keySet().stream().filter(name -> !known.contains(name)).toList();
    return new Mismatch(missing, unexpected, misshaped);
  }

  /** Whether an entry can be loaded: counters are whole numbers, tensors are not. */
  private boolean fits(String name, SafeTensors.Entry entry) {
    Layout layout = layouts.get(name);
    return layout == null
        ? !entry.dtype().isFloat() && entry.shape().length == 0
        : entry.dtype().isFloat() && Arrays.equals(entry.shape(), layout.torchShape());
  }

  private static String describe(SafeTensors.Entry entry) {
    return entry.dtype() + " " + Header.print(entry.shape());
  }

  private String expected(String name) {
    Layout layout = layouts.get(name);
    return layout == null ? "I64 []" : "F32 " + Header.print(layout.torchShape());
  }

  /** Loads what fits. All of it is read, by several threads, before any of it is written. */
  private void copy(SafeTensors file) {
    State state = module.state();
    Map<String, Long> counters = new LinkedHashMap<>(state.counters());
    Map<String, float[]> values = new ConcurrentHashMap<>();
    module.stateNames().parallelStream()
        .map(file.tensors()::get)
        .filter(entry -> entry != null && fits(entry.name(), entry))
        .forEach(
            entry -> {
              Layout layout = layouts.get(entry.name());
              if (layout != null) {
                values.put(entry.name(), layout.fromTorch(entry));
              } else {
                synchronized (counters) {
                  counters.put(entry.name(), entry.longs()[0]);
                }
              }
            });
    state
        .tensors()
        .forEach(
            (name, tensor) -> {
              float[] array = values.get(name);
              if (array != null) {
                tensor.copyFrom(array);
              }
            });
    module.load(new State(state.tensors(), counters));
  }
}
