package dev.thumbnet.redeploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.data.synthetic.SyntheticPictures;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that used ThumbNet and is dropped frees its class loader within seconds. */
final class RedeployTest {
  private static final int TIMEOUT_SECONDS = 120;

  @TempDir private Path temp;

  @Test
  void everythingGoesWithTheApplication() throws Exception {
    String tests = classPath("[/\\\\]test-classes$");
    String application = classPath("[/\\\\](test-)?classes$|\\.jar$");
    Path log = temp.resolve("log.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-Djava.awt.headless=true",
                "-XX:ActiveProcessorCount=4",
                "-cp",
                tests,
                ApplicationServer.class.getName(),
                application,
                model().toString(),
                picture().toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String output = Files.readString(log);
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(output)
        .contains("classify: ", "warm up: ", "batches: ", "thumbnail: ", "plug-in: ")
        .doesNotContain("never unloaded", "still running");
  }

  private static String classPath(String pattern) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.matches(".*(" + pattern + ")"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private Path picture() {
    Path picture = temp.resolve("picture.png");
    SyntheticPictures.val(32, 1, 5).get(3).writePng(picture);
    return picture;
  }

  private Path model() {
    Path file = temp.resolve("model.safetensors");
    Preprocessing shown = Preprocessing.unscaled(32);
    try (Device device = Device.cpu(1)) {
      Rng rng = new Rng(3);
      new TrainedModel(
              device,
              Models.classifier(Architecture.of("resnet18", 12).withWidth(0.0625), device, rng),
              Models.downscaler(
                  DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE, shown.colors(), device, rng),
              SyntheticPictures.val(32, 1, 5).classes(),
              shown,
              Provenance.on(device))
          .save(file);
    }
    return file;
  }
}
