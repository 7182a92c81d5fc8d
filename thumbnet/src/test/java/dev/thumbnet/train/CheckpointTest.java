package dev.thumbnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.State;
import dev.thumbnet.measure.Confusion;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    p.endEpoch("first part", null);
    p.endPhase();
    p.addBatch(.2, losses);
    p.addAnswers(1, 3);
    p.endEpoch("second part", new Metrics(2.5, 100 / 3.0, 50, new Confusion(new long[1][1])));
    p.bestTop1 = 100 / 3.0;
    p.epochsSinceBest = 4;
    p.addBatch(.3, losses);
    p.addAnswers(2, 3);
    return p;
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
}
