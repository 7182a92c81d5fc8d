package dev.thumbnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.data.Loader;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.io.DType;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.io.SafeTensorsWriter;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Flatten;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.optim.AdamW;
import dev.thumbnet.engine.optim.LrSchedule;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.measure.Score;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.Trainer.Course;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A checkpoint of which anything was changed is refused with a line that says what and what to do,
 * or training ends with the same weights as without the change.
 */
final class DamagedCheckpointTest {
  private static final String POSITION = "progress.";
  private static final Device CPU = Device.cpu(1);
  private static final List<String> WRONG =
      List.of(
          "",
          "x",
          "-1",
          "-2147483648",
          "1",
          "2",
          "3",
          "99",
          "2147483647",
          "9999999999999999999",
          "NaN",
          "Infinity",
          "-Infinity",
          "1e300",
          "-1e300",
          "a=b",
          "a=1e999",
          "a=NaN",
          "one\t1",
          "one\t1\t0\t\t0\t0\tNaN\tNaN\t0",
          "FINISHED",
          "STOPPED_EARLY",
          "STOPPED");

  @TempDir private Path folder;

  private Path good;
  private Map<String, List<Float>> expected;

  /** A training of two phases, with all that a checkpoint can have. */
  private static final class Training {
    private final Sequential network =
        new Sequential(
            new BatchNorm2d(CPU, 3),
            new Flatten(),
            new Linear(CPU, 3 * TinyPictures.SIDE * TinyPictures.SIDE, 3, true, new Rng(3)));

    private final AtomicInteger evaluations = new AtomicInteger();

    private Phase phase(String name, int epochs, int patience) {
      return new Phase(
          name,
          epochs,
          (x, batch) ->
              new Losses()
                  .add("CL", 1, Ops.crossEntropy(network.forward(x), batch.labels(), 0))
                  .scoring(() -> 100),
          () -> new AdamW(List.of(ParamGroup.all("", network, 1e-3))),
          steps -> LrSchedule.cosine(.01, 0, steps),
          0,
          .9,
          patience,
          patience == 0 ? null : () -> score());
    }

    /** The first epoch is the best. */
    private Score score() {
      return Metrics.score(1, 50.0 / evaluations.incrementAndGet(), 100);
    }

    void run(Path checkpoint, int stopAfter) {
      AtomicInteger steps = new AtomicInteger();
      RunOptions options =
          RunOptions.plain()
              .withCheckpoint(checkpoint)
              .withStop(() -> steps.getAndIncrement() >= stopAfter);
      try (Loader loader = TinyPictures.data(12).loader(6, 7)) {
        assertThat(loader.batches()).isEqualTo(2);
        Trainer.train(
            loader,
            new Course(
                network,
                CPU,
                5,
                Provenance.on(CPU).with("seed", 5),
                List.of(phase("one", 1, 0), phase("two", 4, 3)),
                options));
      }
    }

    Map<String, List<Float>> weights() {
      Map<String, List<Float>> all = new TreeMap<>();
      for (Map.Entry<String, Tensor> entry : network.state().tensors().entrySet()) {
        List<Float> values = new ArrayList<>();
        for (float value : entry.getValue().toArray()) {
          values.add(value);
        }
        all.put(entry.getKey(), values);
      }
      return all;
    }
  }

  /** Stops in the third epoch, of which one step is done. */
  @BeforeEach
  void stopATraining() {
    good = folder.resolve("good");
    new Training().run(good, 5);
    expected = resumed(good);
  }

  private Map<String, List<Float>> resumed(Path checkpoint) {
    Training training = new Training();
    // As the training that was stopped: one evaluation was before.
    training.evaluations.set(1);
    Path copy = folder.resolve("copy");
    rewrite(checkpoint, copy, Map.of(), Map.of());
    training.run(copy, Integer.MAX_VALUE);
    return training.weights();
  }

  /** A change of a tensor: what is written in its place. */
  private interface Change {
    void write(SafeTensorsWriter writer, SafeTensors.Entry entry);
  }

  /** Writes a file again; a field whose new value is empty text and null is left out. */
  private static void rewrite(
      Path from, Path to, Map<String, String> fields, Map<String, Change> tensors) {
    SafeTensorsWriter writer = new SafeTensorsWriter();
    try (SafeTensors source = SafeTensors.open(from)) {
      Map<String, String> metadata = new LinkedHashMap<>(source.metadata());
      metadata.putAll(fields);
      metadata.values().removeIf(REMOVED::equals);
      metadata.forEach(writer::metadata);
      source
          .tensors()
          .forEach((name, entry) -> tensors.getOrDefault(name, SAME).write(writer, entry));
      writer.write(to);
    }
  }

  private static final String REMOVED = "to be removed";

  private static final Change SAME =
      (writer, entry) -> {
        if (entry.dtype() == DType.I64) {
          writer.put(entry.name(), DType.I64, entry.shape(), entry.longs());
        } else {
          writer.put(entry.name(), entry.shape(), entry.floats());
        }
      };

  private void check(String what, Map<String, String> fields, Map<String, Change> tensors) {
    Path damaged = folder.resolve("damaged");
    rewrite(good, damaged, fields, tensors);
    Map<String, List<Float>> found;
    try {
      found = resumed(damaged);
    } catch (IllegalStateException e) {
      assertThat(e.getMessage())
          .as(what)
          .contains(folder.resolve("copy").toString())
          .doesNotContain("\n", "Exception")
          .containsAnyOf("delete that file", "delete it");
      return;
    }
    assertThat(found).as(what).isEqualTo(expected);
  }

  private void checkRefused(String what, Map<String, Change> tensors, String reason) {
    Path damaged = folder.resolve("damaged");
    rewrite(good, damaged, Map.of(), tensors);
    assertThatThrownBy(() -> resumed(damaged))
        .as(what)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is damaged: ")
        .hasMessageContaining(reason)
        .hasMessageEndingWith("; delete that file to start afresh");
  }

  private List<String> fields() {
    try (SafeTensors source = SafeTensors.open(good)) {
      return source.metadata().keySet().stream().filter(k -> k.startsWith(POSITION)).toList();
    }
  }

  private List<String> tensors(boolean counters) {
    try (SafeTensors source = SafeTensors.open(good)) {
      return source.tensors().entrySet().stream()
          .filter(e -> (e.getValue().dtype() == DType.I64) == counters)
          .map(Map.Entry::getKey)
          .toList();
    }
  }

  @Test
  void noFieldCanBeWrongUnnoticed() {
    assertThat(fields()).hasSizeGreaterThan(10);
    for (String field : fields()) {
      check(field + " missing", Map.of(field, REMOVED), Map.of());
      for (String value : WRONG) {
        check(field + " = " + value, Map.of(field, value), Map.of());
      }
    }
  }

  /** Single numbers of the history, of which there are many in one field. */
  @Test
  void noNumberOfAnEpochCanBeWrongUnnoticed() {
    String history;
    try (SafeTensors source = SafeTensors.open(good)) {
      history = source.metadata().get(POSITION + "history");
    }
    String[] lines = history.split("\n");
    for (int line = 0; line < lines.length; line++) {
      String[] parts = lines[line].split("\t", -1);
      for (int part = 0; part < parts.length; part++) {
        for (String value : List.of("", "x", "-1", "NaN", "Infinity", "1e300", "99999999999")) {
          String[] changed = parts.clone();
          changed[part] = value;
          String[] all = lines.clone();
          all[line] = String.join("\t", changed);
          check(
              "epoch " + line + ", field " + part + " = " + value,
              Map.of(POSITION + "history", String.join("\n", all)),
              Map.of());
        }
      }
    }
    checkPosition("phase", "-1", "phase cannot be -1");
    checkPosition("phase", "2147483647", "phase cannot be 2147483647");
    checkPosition("epoch", "3", "2 epochs in the history do not fit phase 1, epoch 3");
    checkPosition("step", "3", "step cannot be 3");
    checkPosition("epochsSinceBest", "-5", "epochsSinceBest cannot be -5");
    checkPosition("bestTop1", "99", "the best score cannot be 99.0");
    checkPosition("outcome", "FINISHED", "phase 1 of 2 and the outcome do not fit");
  }

  private void checkPosition(String field, String value, String reason) {
    Path damaged = folder.resolve("damaged");
    rewrite(good, damaged, Map.of(POSITION + field, value), Map.of());
    assertThatThrownBy(() -> resumed(damaged))
        .hasMessage(
            folder.resolve("copy")
                + " is damaged: "
                + reason
                + "; delete that file to start afresh");
  }

  @Test
  void everyTensorIsNeededInItsShapeAndFinite() {
    assertThat(tensors(false)).anyMatch(name -> name.startsWith("best/"));
    for (String name : tensors(false)) {
      checkRefused(name, Map.of(name, (_, _) -> {}), "is missing");
      checkRefused(
          name,
          Map.of(name, (writer, _) -> writer.put(name, new long[] {1, 7}, new float[7])),
          "must have shape");
      checkRefused(
          name,
          Map.of(
              name,
              (writer, entry) -> {
                float[] values = entry.floats();
                Arrays.fill(values, Float.NaN);
                writer.put(name, entry.shape(), values);
              }),
          "cannot have NaN");
    }
  }

  @Test
  void countersAreWhatTheStepsAllow() {
    assertThat(tensors(true)).anyMatch(name -> name.startsWith("ema/"));
    for (String name : tensors(true)) {
      checkRefused(name, Map.of(name, (_, _) -> {}), "is missing");
      for (long value : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
        checkRefused(
            name + " = " + value,
            Map.of(
                name, (writer, _) -> writer.put(name, DType.I64, new long[0], new long[] {value})),
            "cannot be " + value);
      }
      checkRefused(
          name,
          Map.of(name, (writer, _) -> writer.put(name, DType.I64, new long[] {0}, new long[0])),
          "cannot be 0 numbers");
    }
  }

  @Test
  void whatBelongsToNothingIsRefused() {
    String first = tensors(false).getFirst();
    for (String name : List.of("lonely", "other/x", "model/x", "optimizer/x", "ema/x")) {
      checkRefused(
          name,
          Map.of(
              first,
              (writer, entry) -> {
                SAME.write(writer, entry);
                writer.put(name, new long[] {1}, new float[] {1});
              }),
          name.startsWith("other") ? "has no part other" : name.equals("lonely") ? "lonely" : "x");
    }
  }
}
