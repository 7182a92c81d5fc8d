package dev.thumbnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.State;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.measure.Score;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint gives back all that was written, in the words of the first version. */
final class CheckpointTest {
  private static final Device CPU = Device.cpu();

  @TempDir private Path folder;

  private static Position position() {
    Position p = new Position();
    Map<String, Double> losses = new LinkedHashMap<>();
    losses.put("MM", 1 / 3.0);
    losses.put("CL", 1e-300);
    p.addBatch(.1, losses);
    p.addSeconds(.7);
    p.endEpoch("first part", Score.NONE);
    p.endPhase();
    p.addBatch(.2, losses);
    p.addScores(100, 3);
    p.endEpoch("second part", Metrics.score(2.5, 100 / 3.0, 50));
    p.bestScore = 100 / 3.0;
    p.epochsSinceBest = 4;
    p.addBatch(.3, losses);
    p.addScores(200, 3);
    return p;
  }

  @Test
  void scoresOfClassifiersAreWrittenAsInTheFirstVersion() {
    Map<String, String> text = position().toText();
    assertThat(text)
        .containsEntry("bestTop1", "33.333333333333336")
        .containsEntry("answered", "3")
        .containsEntry("correct", "2")
        .doesNotContainKey("scores");
    assertThat(text.get("history").lines().map(line -> line.split("\t", -1)).toList())
        .allSatisfy(fields -> assertThat(fields).hasSize(9))
        .last()
        .satisfies(
            fields ->
                assertThat(fields)
                    .contains("2.5", "33.333333333333336", "50.0")
                    .containsSubsequence("2.5", "33.333333333333336", "50.0"));
    assertThat(new Position().toText()).containsEntry("bestTop1", "");
  }

  /** A regression is scored by something below 0, and by more than one number. */
  @Test
  void otherScoresComeBackAsTheyWere() {
    Position p = new Position();
    p.addBatch(.1, Map.of("L2", .1));
    p.addScores(-1 / 3.0, 3);
    p.endEpoch("regression", new Score("-RMSE", -1.25, Map.of("R2", .5)));
    p.bestScore = -1.25;
    p.addBatch(.1, Map.of("L2", .1));
    p.addScores(-2 / 7.0, 3);
    Position read = Position.of(p.toText());
    assertThat(read.history).isEqualTo(p.history);
    assertThat(read.history.getFirst().trainingScore()).isEqualTo(-1 / 3.0 / 3);
    assertThat(read.bestScore).isEqualTo(-1.25);
    assertThat(read.toText()).isEqualTo(p.toText());
    read.addBatch(.1, Map.of());
    assertThat(read.endEpoch("regression", Score.NONE).trainingScore()).isEqualTo(-2 / 7.0 / 3);
  }

  @Test
  void anEpochWhoseScoreIsNoNumberComesBack() {
    Position p = new Position();
    p.addBatch(.1, Map.of("L2", .1));
    p.addScores(1, 3);
    p.endEpoch("regression", new Score("-RMSE", Double.NaN, Map.of("R2", .5)));
    Position read = Position.of(p.toText());
    assertThat(read.history).isEqualTo(p.history);
    assertThat(read.bestScore).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void namesOfScoresFitIntoACheckpoint() {
    for (String name : List.of("a;b", "a=b", "a\tb", "a\nb")) {
      assertThatThrownBy(() -> new Score(name, 1, Map.of())).hasMessageContaining("without ';'");
      assertThatThrownBy(() -> new Score("x", 1, Map.of(name, 1.0)))
          .hasMessageContaining("without ';'");
    }
  }

  private static Checkpoint checkpoint(float value, long count) {
    Tensor weight = Tensor.of(CPU, new float[] {value, 2, 3, 4}, 1, 2, 2);
    return new Checkpoint(
        Provenance.on(CPU).with("epochs", 3),
        position(),
        Map.of(
            "model", new State(Map.of("a.weight", weight), Map.of("a.count", count)),
            "optimizer", new State(Map.of("a.weight.velocity", weight), Map.of())));
  }

  @Test
  void comesBackAsItWas() {
    Path file = folder.resolve("x");
    Checkpoint written = checkpoint(.1f, 1L << 40);
    written.write(file);
    Checkpoint read = Checkpoint.read(file, CPU, written.provenance());
    assertThat(read.provenance()).isEqualTo(written.provenance());
    assertThat(read.position().toText()).isEqualTo(written.position().toText());
    assertThat(read.position().history).isEqualTo(written.position().history).hasSize(2);
    State model = read.states().get("model");
    assertThat(model.counters()).containsEntry("a.count", 1L << 40);
    Tensor weight = model.tensors().get("a.weight");
    assertThat(weight.shape().toArray()).containsExactly(1, 2, 2);
    assertThat(weight.toArray()).containsExactly(.1f, 2, 3, 4);
    assertThat(read.states().get("optimizer").tensors()).containsOnlyKeys("a.weight.velocity");
  }

  @Test
  void anEndedTrainingSaysHow() {
    Position p = position();
    p.outcome = Outcome.STOPPED_EARLY;
    assertThat(Position.of(p.toText()).outcome).isEqualTo(Outcome.STOPPED_EARLY);
    assertThat(Position.of(position().toText()).outcome).isNull();
  }

  @Test
  void uselessNumbersDoNotReplaceAGoodCheckpoint() throws Exception {
    Path file = folder.resolve("x");
    checkpoint(.1f, 1).write(file);
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(() -> checkpoint(Float.NaN, 1).write(file))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("a.weight");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(folder.toFile().list()).containsExactly("x");
  }

  @Test
  void withoutACheckpointThereIsNothingToRemove() {
    assertThatNoException().isThrownBy(() -> RunOptions.plain().removeCheckpoint());
  }

  @Test
  void everyPartOfAPositionMustBeThere() {
    Map<String, String> text = position().toText();
    for (String name : text.keySet()) {
      Map<String, String> less = new LinkedHashMap<>(text);
      less.remove(name);
      assertThatThrownBy(() -> Position.of(less)).hasMessage(name + " is missing");
    }
  }
}
