package dev.thumbnet.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.method.slimmable.SlimmableMethod;
import dev.thumbnet.method.thumbnet.StudentMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results whose models are gone, or were never on this machine. */
final class LostModelsTest {
  @TempDir private Path temp;

  private final List<String> notes = new ArrayList<>();
  private Results whole;

  private static Experiment.Design design(String... only) {
    Study study =
        new Toys.Listing(
            setting ->
                Stream.of(
                        StudentMethod.BICUBIC, SlimmableMethod.SLIMMABLE, StudentMethod.SUPERVISED)
                    .flatMap(method -> Study.Entry.all(method, setting).stream())
                    .toList());
    return new Experiment.Design(
        study,
        SlimmableStudyTest.SETTING,
        List.of(Toys.FEWER),
        List.of(1L, 2L),
        Looks.ALL,
        List.of(only));
  }

  private Results resume(String... only) {
    ExperimentListener listener =
        new ExperimentListener() {
          @Override
          public void onNote(String note) {
            notes.add(note);
          }
        };
    return Toys.run(design(only), temp, true, () -> false, listener);
  }

  @BeforeEach
  void runAll() {
    whole = resume();
    notes.clear();
  }

  private String lost(String name, String title) throws IOException {
    Path file = temp.resolve("models/" + name + ".safetensors");
    Files.delete(file);
    return file
        + " is not there, so "
        + title
        + " is computed again; what was learnt from it stays as it is";
  }

  @Test
  void theyAreComputedAgain() throws IOException {
    List<String> expected =
        List.of(
            lost("teacher-seed1", "Original"),
            lost("slimmable-w0.5-seed1", "Slimmable width × 0.5"),
            lost("bicubic-4to1-seed2", "Bicubic 4:1"));
    Results again = resume();
    assertThat(ExperimentTest.numbers(again)).isEqualTo(ExperimentTest.numbers(whole));
    assertThat(notes).filteredOn(note -> note.contains("is not there")).isEqualTo(expected);
    assertThat(notes).filteredOn(note -> note.contains("Acc@1")).hasSize(3);
    assertThat(temp.resolve("models/slimmable-w0.5-seed1.safetensors")).exists();
  }

  @Test
  void whatIsNotRunNowIsNamed() throws IOException {
    Path lost = temp.resolve("models/bicubic-4to1-seed2.safetensors");
    Files.delete(lost);
    assertThatThrownBy(() -> resume("supervised"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            lost
                + ": this model of Bicubic 4:1 is not there; put it back, or have it computed"
                + " again: --resume without --only");
  }
}
