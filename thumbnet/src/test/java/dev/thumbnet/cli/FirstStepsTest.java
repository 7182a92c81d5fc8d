package dev.thumbnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.cli.Program.Outcome;
import dev.thumbnet.testing.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody does who tries the program on a few pictures: it works, or says what to do. */
final class FirstStepsTest {
  @TempDir static Path temp;

  /** Three classes of noise, in which there is nothing to learn. */
  private static Path data;

  private static Path teacher;
  private static Outcome trained;

  @BeforeAll
  static void train() throws IOException {
    data = noise("data", "a", "b", "c");
    teacher = temp.resolve("teacher.safetensors");
    trained = Program.run(train(data, teacher, "--size=50", "--resume"));
  }

  private static Path noise(String name, String... classes) throws IOException {
    Path folder = temp.resolve(name);
    for (String part : List.of("train", "val")) {
      for (String className : classes) {
        Path to = Files.createDirectories(folder.resolve(part).resolve(className));
        for (int i = 0; i < 4; i++) {
          TestPictures.noise(20 + i, 20).writePng(to.resolve(i + ".png"));
        }
      }
    }
    return folder;
  }

  private static String[] train(Path data, Path out, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--data=" + data, "--out=" + out));
    args.addAll(List.of("--width=0.0625", "--epochs=1"));
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }

  private static void assertFails(Outcome outcome, String message) {
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("thumbnet: ").contains(message);
    assertThat(outcome.err()).doesNotContain("internal error");
  }

  @Test
  void batchesFitTheNumberOfPictures() {
    assertThat(trained.code()).isZero();
    assertThat(trained.err()).contains("batches have 12 pictures instead of 128");
  }

  @Test
  void aSizeThatAllowsNoThumbnailsIsWarnedOf() {
    assertThat(trained.err())
        .contains("from pictures of 50 pixels 'distill' cannot make thumbnails at 16:1")
        .contains("at a --size of 52 it can");
  }

  @Test
  void aTrainingWithNothingToResumeSaysSo() {
    assertThat(trained.err()).contains("there is no checkpoint").contains("starts anew");
  }

  @Test
  void guessingIsCalledSo() {
    assertThat(trained.err()).contains("is no better than guessing").contains("--epochs");
    Outcome evaluated = Program.run("evaluate", teacher.toString(), "--data=" + data);
    assertThat(evaluated.err()).contains("is no better than guessing, which has about 33.3 %");
  }

  @Test
  void fewClassesHaveNoTopFive() {
    assertThat(trained.out()).contains("Acc@1").doesNotContain("Acc@5");
    Outcome evaluated = Program.run("evaluate", teacher.toString(), "--data=" + data);
    assertThat(evaluated.out()).contains("Acc@1").doesNotContain("Acc@5");
    Outcome json = Program.run("evaluate", teacher.toString(), "--data=" + data, "--json");
    assertThat(json.out()).contains("\"acc5\" : 100.0");
  }

  @Test
  void sizesAndBatchesThatCannotWorkAreRefused() {
    Path out = temp.resolve("never.safetensors");
    assertFails(
        Program.run(train(data, out, "--size=32", "--batch=1")),
        "a batch of 1 picture is too small for pictures of 32 pixels");
    assertFails(
        Program.run(train(data, out, "--size=16", "--model=vgg11")),
        "vgg11 halves pictures until nothing is left of 16 pixels; it needs to see at least 32");
    assertFails(Program.run(train(data, out, "--size=-3")), "must be at least 1, got -3");
    String[] distill = {"distill", "--teacher=" + teacher, "--data=" + data, "--out=" + out, ""};
    distill[4] = "--ratio=16";
    assertFails(Program.run(distill), "their side must be a multiple of 4");
    distill[4] = "--batch=1";
    assertFails(
        Program.run(distill), "a batch of 1 picture is too small for pictures of 25 pixels");
    assertFails(
        Program.run("reproduce", "--size=50", "--out=" + temp.resolve("out")),
        "their side must be a multiple of 4");
    assertFails(
        Program.run("reproduce", "--size=64", "--model=vgg11", "--out=" + temp.resolve("out")),
        "until nothing is left of 16 pixels");
    assertThat(out).doesNotExist();
  }

  @Test
  void ofClassesOnlyTheDifferenceIsNamed() throws IOException {
    Path other = noise("other", "a", "b", "d");
    assertThat(Program.run("evaluate", teacher.toString(), "--data=" + other).err())
        .contains("only the pictures have d; only the model's classes have c")
        .doesNotContain("a, b");
    Path out = temp.resolve("never.safetensors");
    assertFails(
        Program.run("distill", "--teacher=" + teacher, "--data=" + other, "--out=" + out),
        "only the pictures have d; only the teacher's classes have c");
    Files.move(other.resolve("val/d"), other.resolve("val/e"));
    assertFails(
        Program.run(train(other, out)),
        "only training pictures have d; only validation pictures have e");
  }

  @Test
  void aDamagedPictureIsNamedWithARemedy() throws IOException {
    Path other = noise("damaged", "a", "b");
    Files.writeString(other.resolve("train/a/1.png"), "no picture");
    Outcome failed = Program.run(train(other, temp.resolve("never.safetensors"), "--size=16"));
    assertFails(failed, "1.png: ");
    assertThat(failed.err()).contains("--broken skip leaves such files out");
  }

  @Test
  void whatFoldersHoldBesidesIsTold() throws IOException {
    Path other = noise("besides", "a", "b");
    Files.writeString(other.resolve("val/a/x.heic"), "");
    Files.writeString(other.resolve("train/a/.DS_Store"), "");
    Outcome evaluated = Program.run(train(other, temp.resolve("b.safetensors"), "--size=16"));
    assertThat(evaluated.err().lines().filter(line -> line.contains("left out")))
        .containsExactly("thumbnet: " + other.resolve("val") + ": left out are 1 .heic (a/x.heic)");
  }

  @Test
  void aDumbTerminalGetsNoBars() {
    assertThat(Console.canMoveCursor("dumb")).isFalse();
    assertThat(Console.canMoveCursor("xterm-256color")).isTrue();
    assertThat(Console.canMoveCursor(null)).isFalse();
  }
}
