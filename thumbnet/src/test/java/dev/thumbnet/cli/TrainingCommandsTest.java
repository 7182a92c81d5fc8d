package dev.thumbnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.cli.Program.Outcome;
import dev.thumbnet.engine.Device;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.TrainedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train} and {@code distill}, also when they are interrupted. */
final class TrainingCommandsTest {
  @TempDir static Path temp;

  private static Path data;

  @BeforeAll
  static void makePictures() {
    data = Folders.make(temp.resolve("data"), 24, 3, 1);
  }

  private static String[] train(Path out, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "train",
                "--data=" + data,
                "--out=" + out,
                "--size=32",
                "--width=0.0625",
                "--epochs=2",
                "--batch=9"));
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }

  /** A teacher that can be pruned to half of its cost. */
  private static String[] wider(Path out) {
    String[] args = train(out);
    args[4] = "--width=0.125";
    return args;
  }

  private static String[] distill(Path teacher, Path out, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "distill",
                "--teacher=" + teacher,
                "--data=" + data,
                "--out=" + out,
                "--epochs=2",
                "--batch=9"));
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }

  @Test
  void aTrainingThatWasInterruptedEndsWithTheSameBytes() throws IOException {
    Path straight = temp.resolve("straight.safetensors");
    assertThat(Program.run(train(straight)).code()).isZero();
    Path stopped = temp.resolve("stopped.safetensors");
    Path checkpoint = temp.resolve("stopped.safetensors.checkpoint");
    Outcome first = Program.run(new StopAfter(5), train(stopped));
    assertThat(first.code()).isEqualTo(130);
    assertThat(first.err()).contains("--resume");
    assertThat(stopped).doesNotExist();
    assertThat(checkpoint).exists();
    Outcome careless = Program.run(train(stopped));
    assertThat(careless.code()).isEqualTo(1);
    assertThat(careless.err()).contains("interrupted").contains("--resume");
    Outcome second = Program.run(train(stopped, "--resume"));
    assertThat(second.code()).isZero();
    assertThat(second.err()).contains("continued after step 4 of 8");
    assertThat(stopped).hasSameBinaryContentAs(straight);
    assertThat(checkpoint).doesNotExist();
  }

  @Test
  void aStudentIsShownPicturesAsItsTeacherWas() {
    Path trained = temp.resolve("usual.safetensors");
    Program.run(train(trained));
    Path teacher = temp.resolve("short-side.safetensors");
    try (Device device = Device.cpu(1)) {
      TrainedModel usual = TrainedModel.load(trained, device);
      new TrainedModel(
              device,
              usual.network(),
              null,
              usual.classes(),
              new Preprocessing(48, 32, usual.preprocessing().normalize()),
              usual.provenance())
          .save(teacher);
    }
    Path student = temp.resolve("short-side-student.safetensors");
    assertThat(Program.run(distill(teacher, student)).code()).isZero();
    assertThat(Program.run("info", student.toString()).out()).contains("data.shortSide = 48");
  }

  @Test
  void distillMakesAStudentOfATeacher() {
    Path teacher = temp.resolve("teacher.safetensors");
    Program.run(train(teacher));
    Path student = temp.resolve("student.safetensors");
    Outcome outcome = Program.run(distill(teacher, student, "--downscaler=residual"));
    assertThat(outcome.err()).contains("feature mapping").contains("supervised");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("thumbnails of 16 from 32");
    assertThat(Program.run("info", student.toString()).out()).contains("residual");
    Outcome again = Program.run(distill(teacher, student));
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("exists already");
    Path other = temp.resolve("bicubic.safetensors");
    Outcome bicubic = Program.run(distill(teacher, other, "--method=bicubic", "--ratio=16"));
    assertThat(bicubic.code()).isZero();
    assertThat(bicubic.err()).doesNotContain("feature mapping");
    assertThat(Program.run("info", other.toString()).out())
        .contains("thumbnails of 8 from 32")
        .containsIgnoringCase("bicubic");
    Outcome ofStudent = Program.run(distill(student, temp.resolve("x.safetensors")));
    assertThat(ofStudent.code()).isEqualTo(1);
    assertThat(ofStudent.err()).contains("a teacher takes full pictures");
  }

  /** Its training is made of several; it is stopped in the first, which has its own checkpoint. */
  @Test
  void distillPrunesATeacher() {
    Path teacher = temp.resolve("wider.safetensors");
    assertThat(Program.run(wider(teacher)).code()).isZero();
    Path straight = temp.resolve("thin.safetensors");
    String[] thinet = {"--method=thinet", "--point=2x"};
    Outcome outcome = Program.run(distill(teacher, straight, thinet));
    assertThat(outcome.code()).isZero();
    assertThat(outcome.err())
        .contains("epoch 1 of 2, stage 1 of 1: loss")
        .contains("epoch 2 of 2, last stage: loss");
    assertThat(outcome.out()).contains("with inner channels 1,1,3,3,7,7,15,15");
    assertThat(Program.run("info", straight.toString()).out()).contains("pruning.times = 2.0");
    assertThat(Program.run("evaluate", straight.toString(), "--data=" + data).code()).isZero();

    Path stopped = temp.resolve("thin-stopped.safetensors");
    Outcome first = Program.run(new StopAfter(3), distill(teacher, stopped, thinet));
    assertThat(first.code()).isEqualTo(130);
    assertThat(first.err()).contains("--resume goes on from");
    Outcome careless = Program.run(distill(teacher, stopped, thinet));
    assertThat(careless.code()).isEqualTo(1);
    assertThat(careless.err()).contains("interrupted").contains("stage-1");
    String[] resume = {"--method=thinet", "--point=2x", "--resume"};
    Outcome second = Program.run(distill(teacher, stopped, resume));
    assertThat(second.code()).isZero();
    assertThat(second.err()).contains("continued after step 2 of 4").doesNotContain("anew");
    assertThat(stopped).hasSameBinaryContentAs(straight);
    try (var left = Files.list(temp)) {
      assertThat(left)
          .noneMatch(file -> file.getFileName().toString().startsWith("thin-stopped.safetensors."));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Thumbnails of it would be too small for the network, but nobody makes any. */
  @Test
  void distillPrunesAVggForSmallPictures() {
    Path teacher = temp.resolve("vgg.safetensors");
    assertThat(Program.run(train(teacher, "--model=vgg11_bn")).code()).isZero();
    for (String method : List.of("thinet", "l1-pruning")) {
      Path thin = temp.resolve("vgg-" + method + ".safetensors");
      Outcome outcome = Program.run(distill(teacher, thin, "--method=" + method, "--point=3.5x"));
      assertThat(outcome.code()).isZero();
      assertThat(outcome.out())
          .contains("vgg11_bn of width 0.0625 with global average with inner channels ");
      Outcome info = Program.run("info", thin.toString());
      assertThat(info.out()).contains("pruning.times = 3.5");
    }
    Outcome thumbnails = Program.run(distill(teacher, temp.resolve("small.safetensors")));
    assertThat(thumbnails.code()).isEqualTo(1);
    assertThat(thumbnails.err()).contains("nothing is left of 16 pixels");
  }

  @Test
  void pointsThatAreNotOfferedAreRefused() {
    Path teacher = temp.resolve("teacher-of-points.safetensors");
    assertThat(Program.run(wider(teacher)).code()).isZero();
    Path out = temp.resolve("no-point.safetensors");
    Outcome other = Program.run(distill(teacher, out, "--method=l1-pruning", "--point=12x"));
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains("--method l1-pruning: choose one with --point, of 2x");
    assertThat(Program.run(distill(teacher, out, "--method=thinet", "--point=full")).err())
        .contains("--point, of 2x");
    Path narrow = temp.resolve("narrow.safetensors");
    assertThat(Program.run(train(narrow)).code()).isZero();
    Outcome none = Program.run(distill(narrow, out, "--method=random-pruning", "--point=2x"));
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("random-pruning: reaches none of its operating points");
    assertThat(out).doesNotExist();
  }

  @Test
  void distillMakesThumbnailsOfAnySide() {
    Path teacher = temp.resolve("for-any-side.safetensors");
    Program.run(train(teacher));
    Path student = temp.resolve("any-side.safetensors");
    Outcome outcome = Program.run(distill(teacher, student, "--side=20"));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("thumbnails of 20 from 32");
    assertThat(Program.run("info", student.toString()).out())
        .contains("student.factor = 8/5")
        .contains("student.downscaler = BICUBIC");
    Path other = temp.resolve("none.safetensors");
    Outcome learned = Program.run(distill(teacher, other, "--side=20", "--method=thumbnet"));
    assertThat(learned.code()).isEqualTo(1);
    assertThat(learned.err()).contains("take a method with bicubic thumbnails");
    assertThat(Program.run(distill(teacher, other, "--side=32")).err())
        .contains("cannot become 32");
    assertThat(Program.run(distill(teacher, other, "--side=16", "--ratio=4")).err())
        .contains("leave one out");
    Outcome stem = Program.run(distill(teacher, other, "--downscaler=stem"));
    assertThat(stem.code()).isEqualTo(1);
    assertThat(stem.err()).contains("take narrow-stem");
    assertThat(other).doesNotExist();
    Outcome front = Program.run(distill(teacher, other, "--method=dct-front", "--ratio=16"));
    assertThat(front.code()).as(front.err()).isZero();
    assertThat(front.out()).contains("behind dct4").contains("full pictures of 32");
  }

  @Test
  void aCheckpointThatCannotBeWrittenDoesNotStopTheTraining() {
    // With the checkpoint's ending, the name is longer than the file system allows.
    Path out = temp.resolve("n".repeat(250));
    Outcome outcome = Program.run(train(out));
    assertThat(outcome.code()).isZero();
    assertThat(out).isRegularFile();
    Path other = temp.resolve("o".repeat(250));
    Outcome stopped = Program.run(new StopAfter(5), train(other));
    assertThat(stopped.code()).isEqualTo(130);
    assertThat(stopped.err()).contains("no checkpoint could be written");
  }

  @Test
  void mistakesAreFoundBeforeTheWork() {
    Path nowhere = temp.resolve("no/such/folder/x.safetensors");
    Outcome outcome = Program.run(train(nowhere));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("there is no folder");
    Path out = temp.resolve("y.safetensors");
    assertThat(Program.run(train(out, "--model=alexnet")).err()).contains("resnet18");
    assertThat(Program.run(train(out, "--epochs=0")).err()).contains("epochs");
    String[] large = {"train", "--data=" + data, "--out=" + out, "--batch=36", "--size=40000"};
    assertThat(Program.run(large).err()).contains("1 to 8000 pixels");
    large[4] = "--size=7000";
    assertThat(Program.run(large).err()).contains("take smaller pictures, or fewer at once");
    Outcome ratio = Program.run(distill(out, temp.resolve("z.safetensors"), "--ratio=9"));
    assertThat(ratio.code()).isEqualTo(1);
    assertThat(ratio.err()).contains("4 (half the side) or 16");
    Outcome kind = Program.run(distill(out, temp.resolve("z.safetensors"), "--downscaler=bicubic"));
    assertThat(kind.code()).isEqualTo(2);
    assertThat(kind.err()).contains("plain-near-bicubic");
    Outcome direct = Program.run(distill(out, temp.resolve("z.safetensors"), "--method=direct"));
    assertThat(direct.code()).isEqualTo(1);
    assertThat(direct.err())
        .contains("--method direct: trains no student; choose of bicubic, ")
        .contains("thumbnet");
    Outcome unknown = Program.run(distill(out, temp.resolve("z.safetensors"), "--method=best"));
    assertThat(unknown.err()).contains("no method 'best'").contains("supervised-distill");
    assertThat(out).doesNotExist();
  }
}
