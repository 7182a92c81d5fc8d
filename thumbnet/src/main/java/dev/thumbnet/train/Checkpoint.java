package dev.thumbnet.train;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.io.DType;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.io.SafeTensorsException;
import dev.thumbnet.engine.io.SafeTensorsWriter;
import dev.thumbnet.engine.nn.State;
import dev.thumbnet.pipeline.Provenance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * All that a training needs to go on exactly where it was, as one safetensors file: the tensors of
 * every state under {@code state/name}, in the engine's layout and full precision, and as metadata
 * the {@link Position} and the {@link Provenance}. The file is replaced as a whole, so it is always
 * complete.
 *
 * @param provenance what the training is
 * @param position how far it has come
 * @param states by name: model, optimizer, ema, best
 */
record Checkpoint(Provenance provenance, Position position, Map<String, State> states) {
  private static final String FORMAT = "thumbnet-checkpoint";
  private static final String VERSION = "1";
  private static final String POSITION = "progress.";
  private static final int SHOWN = 5;

  /** No training makes so many steps. */
  private static final long MOST_COUNTED = 1L << 50;

  /**
   * Writes the file; an older one is replaced.
   *
   * @throws ArithmeticException if a number is not finite: such a checkpoint is of no use, and the
   *     older one is kept
   * @throws SafeTensorsException if the file cannot be written
   */
  void write(Path file) {
    SafeTensorsWriter writer =
        new SafeTensorsWriter().metadata("format", FORMAT).metadata("version", VERSION);
    provenance.writeTo(writer);
    position.toText().forEach((name, value) -> writer.metadata(POSITION + name, value));
    states.forEach(
        (prefix, state) -> {
          state.tensors().forEach((name, tensor) -> put(writer, prefix + "/" + name, tensor));
          state
              .counters()
              .forEach(
                  (name, value) ->
                      writer.put(prefix + "/" + name, DType.I64, new long[0], new long[] {value}));
        });
    writer.write(file);
  }

  private static void put(SafeTensorsWriter writer, String name, Tensor tensor) {
    long[] shape = Arrays.stream(tensor.shape().toArray()).asLongStream().toArray();
    if (tensor.device() == Device.reference()) {
      double[] values = tensor.toDoubleArray();
      check(name, Arrays.stream(values).allMatch(Double::isFinite));
      writer.put(name, shape, values);
    } else {
      float[] values = tensor.toArray();
      boolean finite = true;
      for (float v : values) {
        finite &= Float.isFinite(v);
      }
      check(name, finite);
      writer.put(name, shape, values);
    }
  }

  private static void check(String name, boolean finite) {
    if (!finite) {
      throw new ArithmeticException(
          "training has diverged: "
              + name
              + " has values that are not finite; try a lower learning rate");
    }
  }

  /**
   * Reads a file.
   *
   * @param device where the tensors are put
   * @param expected the training that is to be resumed
   * @throws IllegalStateException if it is no checkpoint, one of another training, or damaged
   */
  static Checkpoint read(Path file, Device device, Provenance expected) {
    try (SafeTensors source = SafeTensors.open(file)) {
      Map<String, String> metadata = source.metadata();
      if (!FORMAT.equals(metadata.get("format")) || !VERSION.equals(metadata.get("version"))) {
        throw new IllegalStateException(
            file
                + " is no checkpoint of this version of the program; give the checkpoint another"
                + " name, or delete that file to start afresh");
      }
      Provenance found = Provenance.of(metadata);
      checkSame(file, expected, found);
      try {
        Position position = Position.of(Provenance.section(metadata, POSITION));
        return new Checkpoint(found, position, states(source, device));
      } catch (IllegalArgumentException e) {
        throw damaged(file, e);
      }
    } catch (SafeTensorsException e) {
      String what = Files.isRegularFile(file) ? "is damaged or cannot be read" : "is no file";
      throw new IllegalStateException(file + " " + what + "; remove it to start afresh", e);
    }
  }

  /** Returns what is thrown if a file says what cannot be. */
  static IllegalStateException damaged(Path file, IllegalArgumentException reason) {
    return new IllegalStateException(
        file + " is damaged: " + reason.getMessage() + "; delete that file to start afresh",
        reason);
  }

  private static void checkSame(Path file, Provenance expected, Provenance found) {
    Map<String, String> all = new LinkedHashMap<>(found.settings());
    all.putAll(expected.settings());
    List<String> differences =
        all.entrySet().stream()
            .filter(
                e ->
                    !e.getValue().equals(found.settings().get(e.getKey()))
                        || !expected.settings().containsKey(e.getKey()))
            .map(Map.Entry::getKey)
            .map(
                k ->
                    k
                        + " is "
                        + found.settings().getOrDefault(k, "missing")
                        + " there and "
                        + expected.settings().getOrDefault(k, "missing")
                        + " now")
            .toList();
    if (!differences.isEmpty()) {
      throw new IllegalStateException(
          file
              + " belongs to another training: "
              + String.join("; ", differences.subList(0, Math.min(SHOWN, differences.size())))
              + (differences.size() > SHOWN ? "; and more" : "")
              + ". Use the same settings, give the checkpoint another name, or delete that file to"
              + " start afresh");
    }
  }

  private static Map<String, State> states(SafeTensors source, Device device) {
    Map<String, Map<String, Tensor>> tensors = new LinkedHashMap<>();
    Map<String, Map<String, Long>> counters = new LinkedHashMap<>();
    source
        .tensors()
        .forEach(
            (path, entry) -> {
              int slash = path.indexOf('/');
              if (slash < 0) {
                throw new IllegalArgumentException("tensor " + path + " belongs to nothing");
              }
              String prefix = path.substring(0, slash);
              String name = path.substring(slash + 1);
              tensors.computeIfAbsent(prefix, _ -> new LinkedHashMap<>());
              counters.computeIfAbsent(prefix, _ -> new LinkedHashMap<>());
              if (entry.dtype() == DType.I64) {
                counters.get(prefix).put(name, counter(entry));
              } else {
                tensors.get(prefix).put(name, tensor(entry, device));
              }
            });
    Map<String, State> states = new LinkedHashMap<>();
    tensors.forEach(
        (prefix, map) ->
            states.put(prefix, new State(map, counters.getOrDefault(prefix, Map.of()))));
    return states;
  }

  private static long counter(SafeTensors.Entry entry) {
    if (entry.elementCount() != 1) {
      throw new IllegalArgumentException(
          "counter " + entry.name() + " cannot be " + entry.elementCount() + " numbers");
    }
    long count = entry.longs()[0];
    if (count < 0 || count > MOST_COUNTED) {
      throw new IllegalArgumentException("counter " + entry.name() + " cannot be " + count);
    }
    return count;
  }

  private static Tensor tensor(SafeTensors.Entry entry, Device device) {
    double[] values = entry.doubles();
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("tensor " + entry.name() + " cannot have " + value);
      }
    }
    int[] dims = LongStream.of(entry.shape()).mapToInt(Math::toIntExact).toArray();
    return Tensor.of(device, values, dims);
  }
}
