package dev.thumbnet.engine.io;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.ConvTranspose2d;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

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
 * written. Numbers that no training leaves behind are refused on reading: NaN, infinity, what
 * exceeds {@link #LARGEST}, negative variances. Counters of batches, which inference never looks
 * at, may be missing or of any type and shape, as in files of other versions of PyTorch.
 *
 * <p>Instances are not safe for use by several threads at once.
 *
 * <pre>{@code
 * try (SafeTensors file = SafeTensors.open(path)) {
 *   StateDict.of(network).load(file);
 * }
 * }</pre>
 */
public final class StateDict {
  /**
   * The largest magnitude of a weight or statistic. Larger numbers are floats, too, but one of them
   * can make a whole network overflow, and a single flipped bit makes them.
   */
  public static final float LARGEST = 1e15f;

  private static final String COUNTER = "num_batches_tracked";
  private static final String VARIANCE = "running_var";

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
      case ConvTranspose2d conv ->
          layouts.put(weight, Layout.convolution(shape(conv.weight().tensor())));
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
   * @throws SafeTensorsException if the file cannot be read, or holds a number that no training
   *     leaves behind; then nothing was changed
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
   * @throws SafeTensorsException if the file cannot be read, or holds a number that no training
   *     leaves behind; then nothing was changed
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
   * @throws SafeTensorsException if the file cannot be read, or holds a number that no training
   *     leaves behind; then nothing was changed
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

  /**
   * Compares names, shapes and types, without reading any number. A module on {@link
   * dev.thumbnet.engine.Device#meta} does for it.
   */
  public Mismatch compare(SafeTensors file) {
    List<String> missing = new ArrayList<>();
    List<String> misshaped = new ArrayList<>();
    for (String name : layouts.keySet()) {
      SafeTensors.Entry entry = file.tensors().get(name);
      if (entry == null) {
        missing.add(name);
      } else if (!fits(name, entry)) {
        misshaped.add(
            name + " " + entry.kind() + " instead of F32 " + Header.print(torchShape(name)));
      }
    }
    List<String> unexpected =
        file.tensors().keySet().stream()
            .filter(name -> !layouts.containsKey(name) && !isCounter(name))
            .toList();
    return new Mismatch(missing, unexpected, misshaped);
  }

  private static boolean isCounter(String name) {
    return name.equals(COUNTER) || name.endsWith("." + COUNTER);
  }

  private boolean fits(String name, SafeTensors.Entry entry) {
    return entry.isFloat() && Arrays.equals(entry.shape(), torchShape(name));
  }

  private long[] torchShape(String name) {
    return Objects.requireNonNull(layouts.get(name)).torchShape();
  }

  /** Loads what fits. All of it is read, by several threads, before any of it is written. */
  private void copy(SafeTensors file) {
    State state = module.state();
    Map<String, float[]> values = new ConcurrentHashMap<>();
    layouts.entrySet().parallelStream()
        .forEach(
            named -> {
              SafeTensors.Entry entry = file.tensors().get(named.getKey());
              if (entry != null && fits(named.getKey(), entry)) {
                values.put(named.getKey(), read(named.getKey(), named.getValue(), entry));
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
    Map<String, Long> counters = new LinkedHashMap<>(state.counters());
    counters.replaceAll((name, before) -> counter(file.tensors().get(name), before));
    module.load(new State(state.tensors(), counters));
  }

  private static float[] read(String name, Layout layout, SafeTensors.Entry entry) {
    boolean variance = name.equals(VARIANCE) || name.endsWith("." + VARIANCE);
    float least = variance ? 0 : -LARGEST;
    float[] values = layout.fromTorch(entry);
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] >= least && values[i] <= LARGEST)) {
        throw entry.impossible(
            layout.torchIndex(i), values[i], variance ? "a variance" : "a weight");
      }
    }
    return values;
  }

  /** What an entry counts, if it is a count. */
  private static long counter(SafeTensors.@Nullable Entry entry, long otherwise) {
    if (entry == null || entry.elementCount() != 1 || !entry.isNumber()) {
      return otherwise;
    }
    long count = entry.isFloat() ? (long) entry.doubles()[0] : entry.longs()[0]; // 0 for NaN
    return count >= 0 ? count : otherwise;
  }
}
