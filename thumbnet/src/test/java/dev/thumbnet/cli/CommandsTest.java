package dev.thumbnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.ThumbClassifier;
import dev.thumbnet.cli.Program.Outcome;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.ResultsFile;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.testing.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users do: a whole small experiment, and then the commands on its models. */
final class CommandsTest {
  private static final int SIZE = 32;

  @TempDir static Path temp;

  private static Path data;
  private static Path out;
  private static Outcome reproduced;

  @BeforeAll
  static void runExperiment() {
    data = Folders.make(temp.resolve("data"), SIZE, 2, 2);
    out = temp.resolve("out");
    reproduced = Program.run(reproduce());
  }

  private static String[] reproduce(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "reproduce",
                "--size=" + SIZE,
                "--per-class=4",
                "--epochs=2",
                "--student-epochs=2",
                "--width=0.0625",
                "--batch=12",
                "--out=" + out));
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }

  private static String model(String name) {
    return out.resolve("models").resolve(name + ".safetensors").toString();
  }

  /** A validation picture of the experiment, as a file. */
  private static String picture(String className) throws IOException {
    try (var files = Files.list(data.resolve("val").resolve(className))) {
      return files.sorted().findFirst().orElseThrow().toString();
    }
  }

  @Test
  void reproduceWritesTableReportAndModels() throws IOException {
    assertThat(reproduced.err()).contains("ThumbNet at 16:1").contains("epoch 2 of 2");
    assertThat(reproduced.code()).isZero();
    assertThat(reproduced.out()).contains("Original").contains("ThumbNet").contains("report.html");
    Results results = ResultsFile.read(out.resolve("results.json"));
    assertThat(results.origin().finished()).isTrue();
    assertThat(results.rows()).hasSize(15);
    assertThat(results.rows())
        .allMatch(row -> row.milliseconds() > 0)
        .extracting(Row::milliseconds)
        .as("rows of the same program share a measurement")
        .satisfies(times -> assertThat(Set.copyOf(times)).hasSize(5));
    assertThat(results.gallery()).hasSize(6);
    assertThat(Files.readString(out.resolve("report.html"))).contains("Supervised + Distill");
    try (var left = Files.list(out.resolve("checkpoints"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void evaluateAgreesWithTheExperiment() {
    Results results = ResultsFile.read(out.resolve("results.json"));
    Run run =
        results.row("synthetic pictures", "thumbnet", "4to1").orElseThrow().run(1).orElseThrow();
    Outcome outcome =
        Program.run("evaluate", model("thumbnet-4to1"), "--data=" + data, "--threads=1");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .containsPattern(String.format(Locale.ROOT, "Acc@1 +%.2f %%", run.acc1()))
        .containsPattern(
            String.format(
                Locale.ROOT,
                "Acc@1 %.2f %%, the same answer for %.2f %%",
                run.eightBitAcc1(),
                run.eightBitAgreement()))
        .contains("hills")
        .contains("ms per picture, on 1 threads");
  }

  @Test
  void evaluatePrintsJson() {
    Outcome outcome =
        Program.run("evaluate", model("teacher"), "--data=" + data, "--json", "--threads=1");
    assertThat(outcome.out()).startsWith("{").contains("\"confusion\"").contains("\"macs\"");
    assertThat(outcome.out()).doesNotContain("eightBit").contains("\"f32\"");
  }

  @Test
  void weightsMayBeKeptInFewerBits() throws IOException {
    String[] arguments = {"classify", model("teacher"), picture("sea"), "--weights=bf16"};
    assertThat(Program.run(arguments).code()).isZero();
    arguments[3] = "--weights=int8";
    assertThat(Program.run(arguments).code()).isZero();
    arguments[3] = "--weights=f64";
    Outcome wrong = Program.run(arguments);
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("f64").contains("[F32, BF16, INT8]");
  }

  @Test
  void aStoredThumbnailGivesTheAnswerOfItsPicture() throws IOException {
    List<String> names = List.of("sea", "face", "cloth-warp");
    for (String name : names) {
      Path small = temp.resolve("small-" + name);
      String image = picture(name);
      Outcome full = Program.run("classify", model("thumbnet-4to1"), image);
      assertThat(Program.run("downscale", model("thumbnet-4to1"), image, "--out=" + small).code())
          .isZero();
      Path thumbnail = small.resolve(Path.of(image).getFileName());
      Outcome stored =
          Program.run("classify", model("thumbnet-4to1"), thumbnail.toString(), "--thumbnail");
      assertThat(full.out()).contains("%");
      assertThat(stored.code()).isZero();
      assertThat(answer(stored)).isEqualTo(answer(full));
    }
  }

  private static String answer(Outcome outcome) {
    return outcome.out().replaceAll(".*:  (\\S+) .*\\s*", "$1");
  }

  @Test
  void classifyNamesAsManyClassesAsAskedFor() throws IOException {
    Outcome outcome = Program.run("classify", model("teacher"), picture("sea"), "--top=3");
    assertThat(outcome.out().lines().findFirst().orElseThrow().split("%")).hasSize(3);
    Outcome json = Program.run("classify", model("teacher"), picture("sea"), "--top=2", "--json");
    assertThat(json.out()).startsWith("[").containsOnlyOnce("\"image\"");
    assertThat(json.out().split("\"probability\"")).hasSize(3);
  }

  @Test
  void infoTellsWhatAModelIs() {
    Outcome outcome = Program.run("info", model("thumbnet-16to1"));
    assertThat(outcome.out())
        .contains("thumbnails of 8 from 32 pixels")
        .contains("cloth-weft")
        .contains("recipe.seed = 1");
  }

  @Test
  void infoTellsWhereTheTimeGoes() {
    Outcome outcome = Program.run("info", model("thumbnet-16to1"), "--profile");
    assertThat(outcome.out()).contains("Compiled, for one picture").contains("Conv 3x3 + ReLU");
  }

  @Test
  void evaluateShowsWhatItHasWhenStopped() {
    Outcome early =
        Program.run(
            new StopAfter(12), "evaluate", model("thumbnet-4to1"), "--data=" + data, "--threads=1");
    assertThat(early.code()).isEqualTo(130);
    assertThat(early.err()).contains("stopped; the numbers are those of the first ");
    assertThat(early.out())
        .containsPattern("stopped +after \\d+ of 24 pictures")
        .contains("Acc@1")
        .doesNotContain("8-bit", "ms per picture");
    Outcome between =
        Program.run(
            new StopAfter(25), "evaluate", model("thumbnet-4to1"), "--data=" + data, "--threads=1");
    assertThat(between.code()).isEqualTo(130);
    assertThat(between.err()).contains("stopped before everything was measured");
    assertThat(between.out())
        .containsPattern("stopped +after 24 of 24 pictures")
        .contains("Acc@1")
        .doesNotContain("8-bit", "ms per picture");
    Outcome json =
        Program.run(new StopAfter(40), "evaluate", model("teacher"), "--data=" + data, "--json");
    assertThat(json.code()).isEqualTo(130);
    assertThat(json.err()).contains("stopped before everything was measured");
    assertThat(json.out()).contains("\"stopped\" : true").doesNotContain("msPerPicture");
  }

  @Test
  void foldersAreClassifiedInTheOrderOfTheirNames() {
    Path sea = data.resolve("val/sea");
    Outcome outcome = Program.run("classify", model("teacher"), data.resolve("val").toString());
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out().lines()).hasSize(24).isSorted();
    Outcome json = Program.run("classify", model("teacher"), sea.toString(), "--json");
    assertThat(json.out()).startsWith("[ {").endsWith("} ]" + System.lineSeparator());
    Outcome stopped = Program.run(new StopAfter(2), "classify", model("teacher"), sea.toString());
    assertThat(stopped.code()).isEqualTo(130);
    assertThat(stopped.err()).contains("stopped after ").contains(" of 2 pictures");
  }

  @Test
  void thumbnailsOfAFolderKeepItsFolders() throws IOException {
    Path small = temp.resolve("small-val");
    String val = data.resolve("val").toString();
    Outcome outcome = Program.run("downscale", model("thumbnet-4to1"), val, "--out=" + small);
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out().lines()).hasSize(24).allMatch(line -> Files.exists(Path.of(line)));
    assertThat(small.resolve("sea")).isDirectoryContaining("glob:**.png");
    Path file = Files.createFile(temp.resolve("in the way"));
    assertFails(
        Program.run("downscale", model("thumbnet-4to1"), val, "--out=" + file.resolve("x")),
        "cannot be made");
  }

  @Test
  void whatAKilledExperimentLeftIsRemovedWhenItIsResumed() throws IOException {
    Path checkpoint = Files.createFile(out.resolve("checkpoints/thumbnet-4to1.safetensors"));
    Path half = Files.createFile(out.resolve("models/.thumbnet-0-0.tmp"));
    Outcome again = Program.run(reproduce("--resume"));
    assertThat(again.err()).doesNotContain("epoch");
    assertThat(again.code()).isZero();
    assertThat(checkpoint).doesNotExist();
    assertThat(half).doesNotExist();
  }

  // ---------------------------------------------------------------- mistakes

  @Test
  void aGpuIsDescribedOrMissedInOneLine() {
    Outcome outcome = Program.run("info", "--device=cuda");
    if (outcome.code() == 0) {
      assertThat(outcome.out()).contains("cuda");
    } else {
      assertFails(outcome, "CUDA");
    }
  }

  private static void assertFails(Outcome outcome, String... fragments) {
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).startsWith("thumbnet: ").contains(fragments);
    assertThat(outcome.err().strip().lines()).hasSize(1);
  }

  @Test
  void aFolderInTheWayIsLeftAlone() {
    assertFails(Program.run("reproduce", "--out=" + out), "holds an experiment", "--resume");
    assertFails(Program.run("reproduce", "--out=" + data), "not from an experiment");
    assertFails(
        Program.run("reproduce", "--size=" + SIZE, "--resume", "--out=" + out), "other settings");
    assertFails(
        Program.run("reproduce", "--study=papers", "--out=" + temp.resolve("none")),
        "no study 'papers'",
        "known are paper, rivals, ablation, downscalers, transfer");
  }

  @Test
  void thumbnailsAndPicturesAreNotMixedUp() throws IOException {
    Path small = temp.resolve("small");
    String image = picture("hills");
    Program.run("downscale", model("thumbnet-16to1"), image, "--out=" + small);
    String thumbnail = small.resolve(Path.of(image).getFileName()).toString();
    assertFails(Program.run("classify", model("thumbnet-16to1"), thumbnail), "8x8", "--thumbnail");
    assertFails(
        Program.run("classify", model("thumbnet-16to1"), image, "--thumbnail"), "32x32", "8x8");
    assertFails(
        Program.run("classify", model("teacher"), image, "--thumbnail"), "has no downscaler");
    assertFails(
        Program.run("downscale", model("teacher"), image, "--out=" + small), "has no downscaler");
    assertFails(
        Program.run("downscale", model("thumbnet-16to1"), image, "--out=" + small),
        "exists already");
  }

  /** A picture of just the thumbnail's size is no thumbnail if its owner says so. */
  @Test
  void aPictureMayHaveTheSizeOfAThumbnail() throws IOException {
    Path tiny = temp.resolve("tiny.png");
    TestPictures.noise(8, 8).writePng(tiny);
    String student = model("thumbnet-16to1");
    assertFails(Program.run("classify", student, tiny.toString()), "8x8", "--picture");
    assertFails(
        Program.run("downscale", student, tiny.toString(), "--out=" + temp.resolve("no")),
        "8x8",
        "--picture");
    Outcome classified =
        Program.run("classify", student, tiny.toString(), picture("sea"), "--picture", "--top=12");
    assertThat(classified.code()).isZero();
    String expected = ThumbClassifier.load(Path.of(student)).classify(tiny).best().className();
    assertThat(classified.out()).startsWith(tiny + ":  " + expected + " ");
    Path small = temp.resolve("small-of-tiny");
    assertThat(
            Program.run("downscale", student, tiny.toString(), "--picture", "--out=" + small)
                .code())
        .isZero();
    assertThat(small.resolve("tiny.png")).exists();
    Outcome both = Program.run("classify", student, tiny.toString(), "--picture", "--thumbnail");
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err()).contains("mutually exclusive");
  }

  @Test
  void aBrokenPictureDoesNotSpoilTheOthers() throws IOException {
    Path broken = temp.resolve("broken.png");
    Files.writeString(broken, "no picture");
    Outcome outcome = Program.run("classify", model("teacher"), broken.toString(), picture("sea"));
    assertFails(outcome, broken.toString());
    assertThat(outcome.out().lines()).hasSize(1);
  }

  @Test
  void modelAndPicturesMustFit() throws IOException {
    Path other = temp.resolve("other");
    Files.createDirectories(other.resolve("val/cats"));
    Files.copy(Path.of(picture("sea")), other.resolve("val/cats/1.png"));
    assertFails(
        Program.run("evaluate", model("teacher"), "--data=" + other),
        "does not know; only the pictures have cats; only the model's classes have",
        "cloth-weft");
    assertFails(
        Program.run("evaluate", model("teacher"), "--data=" + temp.resolve("nothing")),
        "no such folder");
    assertFails(Program.run("evaluate", model("teacher"), "--data=" + out), "has no folder 'val'");
    Path text = temp.resolve("text.safetensors");
    Files.writeString(text, "this is no model");
    assertFails(Program.run("evaluate", text.toString(), "--data=" + data), text.toString());
    assertFails(Program.run("info", temp.toString()), "is a folder");
    assertFails(Program.run("info", temp.resolve("gone").toString()), "no such file");
  }
}
