package dev.thumbnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Device;
import dev.thumbnet.testing.TinyPictures;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own: signals, pipes, full disks, no temporary files. */
final class ProcessTest {
  /** For a machine as busy as can be; whatever ends, ends much sooner. */
  private static final long SECONDS = 300;

  private static final int TERMINATED = 143;

  @TempDir static Path temp;

  private Process process;

  @BeforeAll
  static void makeModelAndPicture() {
    try (Device device = Device.cpu(1)) {
      TinyPictures.teacher(device).save(temp.resolve("model"));
    }
    picture().writePng(temp.resolve("@cat.png"));
  }

  private static RgbImage picture() {
    return TinyPictures.data().train().get(0);
  }

  private ProcessBuilder program(List<String> jvm, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(temp.toFile());
    return builder.redirectError(temp.resolve("err").toFile());
  }

  private int end() throws InterruptedException {
    assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private static String err() throws IOException {
    return Files.readString(temp.resolve("err"));
  }

  /** Nothing but one line of ours; the JVM has its own. */
  private static void assertOneLine(String... fragments) throws IOException {
    List<String> lines = err().lines().filter(line -> !line.startsWith("WARNING: ")).toList();
    assertThat(lines).singleElement().asString().startsWith("thumbnet: ").contains(fragments);
  }

  @AfterEach
  void endProcess() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  /** The second picture never comes, for nobody writes to standard input. */
  private BufferedReader startAndWaitForTheFirst(String... args) throws Exception {
    process = program(List.of(), args).start();
    BufferedReader out = process.inputReader();
    assertThat(out.readLine()).contains("@cat");
    return out;
  }

  @Test
  void aSignalEndsItAtOnceAndWhatIsFoundIsThere() throws Exception {
    BufferedReader out = startAndWaitForTheFirst("classify", "model", "@cat.png", "-");
    process.toHandle().destroy(); // and not its streams, too
    assertThat(end()).isEqualTo(TERMINATED);
    assertThat(out.readLine()).isNull();
    assertOneLine("stopped after 1 of 2 pictures");
  }

  @Test
  void aListThatIsCutShortIsStillJson() throws Exception {
    process =
        program(List.of(), "classify", "model", "--json", "@cat.png", "-")
            .redirectOutput(temp.resolve("json").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!Files.exists(temp.resolve("json")) || Files.size(temp.resolve("json")) < 10) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(20);
    }
    process.toHandle().destroy(); // and not its streams, too
    assertThat(end()).isEqualTo(TERMINATED);
    assertThat(temp.resolve("json")).content().startsWith("[ {").endsWith(" ]\n");
  }

  @Test
  void theOtherPictureComesFromStandardInput() throws Exception {
    process = program(List.of("-Djava.io.tmpdir=/nonexistent"), "classify", "model", "-").start();
    process.getOutputStream().write(picture().toPng());
    process.getOutputStream().close();
    assertThat(process.inputReader().readLine()).startsWith("-:  ");
    assertThat(end()).isZero();
  }

  @Test
  void aFullDiskIsToldOf() throws Exception {
    for (String command : List.of("--help", "info", "classify model @cat.png")) {
      process =
          program(List.of(), command.split(" ")).redirectOutput(new File("/dev/full")).start();
      assertThat(end()).as(command).isEqualTo(1);
      assertOneLine("the output cannot be written: No space left on device");
    }
  }

  @Test
  void aReaderWhoHasHadEnoughEndsItQuietly() throws Exception {
    process = program(List.of(), "classify", "model", "@cat.png", "-").start();
    process.getInputStream().close();
    assertThat(end()).isEqualTo(141);
    assertThat(err().lines().filter(line -> !line.startsWith("WARNING: "))).isEmpty();
  }

  @Test
  void neitherLocaleNorFolderForTemporaryFilesIsNeeded() throws Exception {
    ProcessBuilder builder =
        program(
            List.of("-Djava.io.tmpdir=/nonexistent"),
            "classify",
            "model",
            "--",
            "@cat.png",
            "@cat.png");
    builder.environment().put("LC_ALL", "C");
    process = builder.redirectOutput(Redirect.DISCARD).start();
    assertThat(end()).isZero();
  }
}
