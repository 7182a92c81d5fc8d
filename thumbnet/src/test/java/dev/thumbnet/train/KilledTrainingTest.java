package dev.thumbnet.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.Device;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.method.thumbnet.StudentOptions;
import dev.thumbnet.method.thumbnet.ThumbNetTraining;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.TinyPictures;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a process was doing when it was killed: the next one ends with the same weights. */
final class KilledTrainingTest {
  private static final int KILLS = 5;
  private static final long SECONDS = 120;

  @TempDir private Path folder;

  /** A process: trains, with a checkpoint after each step, and writes the model. */
  static final class Train {
    public static void main(String[] args) {
      Device device = Device.cpu(1);
      ThumbNetTraining training =
          new ThumbNetTraining(
              new TrainingContext(
                  device, TinyPictures.data(), 2, Optional.of(TinyPictures.teacher(device))),
              StudentOptions.thumbNet(DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE),
              Recipe.student(60).withBatchSize(6));
      RunOptions options = RunOptions.plain().withCheckpoint(Path.of(args[0]), Duration.ZERO);
      training.prepare(options).run().model().save(Path.of(args[1]));
      options.removeCheckpoint();
    }
  }

  private Process start(String name) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules=jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            Train.class.getName(),
            folder.resolve(name + ".checkpoint").toString(),
            folder.resolve(name).toString())
        .redirectOutput(Redirect.DISCARD)
        .redirectError(folder.resolve(name + ".log").toFile())
        .start();
  }

  private void finish(String name) throws Exception {
    Process process = start(name);
    assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve(name + ".log"))).isZero();
  }

  /** Kills a process some steps after it has begun to train. */
  private void interrupt(String name, Random random) throws Exception {
    File checkpoint = folder.resolve(name + ".checkpoint").toFile();
    long before = checkpoint.lastModified();
    Process process = start(name);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (checkpoint.lastModified() == before) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(1);
    }
    Thread.sleep(random.nextInt(60));
    process.destroyForcibly().waitFor();
  }

  @Test
  void theNextProcessEndsWithTheSameWeights() throws Exception {
    finish("undisturbed");
    Random random = new Random();
    for (int i = 0; i < KILLS; i++) {
      interrupt("killed", random);
    }
    assertThat(folder.resolve("killed.checkpoint")).exists();
    assertThat(folder.resolve("killed")).doesNotExist();
    finish("killed");
    assertThat(weights("killed")).isEqualTo(weights("undisturbed"));
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("killed", "killed.log", "undisturbed", "undisturbed.log");
  }

  private String weights(String name) {
    TrainedModel model = TrainedModel.load(folder.resolve(name), Device.cpu(1));
    return Provenance.fingerprint(model.network()) + Provenance.fingerprint(model.downscaler());
  }
}
