package dev.thumbnet.experiment;

import static dev.thumbnet.experiment.report.Cells.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.experiment.report.Cells;
import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.experiment.results.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a study some rows may be run first and the others later, in the same folder. */
final class OnlyTest {
  @TempDir private Path temp;

  private static Experiment.Design design(String study, String... only) {
    return new Experiment.Design(
        Studies.of(study),
        Toys.SETTING,
        List.of(Toys.FEWER),
        List.of(1L, 2L),
        Looks.ALL,
        List.of(only));
  }

  private static Results run(Experiment.Design design, Path folder) {
    String only = design.only().isEmpty() ? "" : " --only " + String.join(",", design.only());
    return new Experiment(
            design,
            Device.cpu(),
            2,
            folder,
            new Experiment.Invocation("test" + only, "0"),
            () -> false,
            new ExperimentListener() {})
        .run(true);
  }

  private static List<String> keys(Results results) {
    return results.rows().stream().map(row -> row.method() + " " + row.point().key()).toList();
  }

  private static String page(Path folder) throws Exception {
    return String.join(
        "\n", texts(Cells.parse(Files.readString(folder.resolve("report.html"))), "p"));
  }

  @Test
  void theOthersAreAddedLaterAndNothingTellsIt() throws Exception {
    Path pieces = temp.resolve("pieces");
    Results first = run(design("paper", "thumbnet", "bicubic-4to1"), pieces);
    assertThat(keys(first)).containsExactly("original full", "bicubic 4to1", "thumbnet 4to1");
    assertThat(first.rows()).allMatch(row -> row.runs().size() == 2);
    assertThat(first.origin().finished()).isFalse();
    assertThat(page(pieces))
        .contains("These rows of the study were not wanted and are left out: Direct 4:1;")
        .contains("; Supervised + Distill 4:1.");
    assertThat(keys(run(design("paper", "direct"), pieces)))
        .containsExactly("original full", "direct 4to1", "bicubic 4to1", "thumbnet 4to1");
    Results all = run(design("paper"), pieces);
    assertThat(page(pieces)).doesNotContain("left out");
    Results straight = run(design("paper"), temp.resolve("straight"));
    assertThat(ExperimentTest.numbers(all)).isEqualTo(ExperimentTest.numbers(straight));
    assertThat(all.methods()).isEqualTo(straight.methods());
    assertThat(all.origin().sessions()).isEqualTo(3);
    assertThat(all.origin().finished()).isTrue();
    assertThat(all.origin().command()).isEqualTo("test");
  }

  @Test
  void whatTheyNeedIsRunToo() {
    Results results = run(design("transfer", "transfer-4to1-own"), temp);
    assertThat(keys(results))
        .containsExactly("original full", "thumbnet 4to1", "transfer 4to1-own");
    assertThat(results.data()).hasSize(1);
  }

  @Test
  void everyStudyReportsWhateverIsLeftOut() {
    for (Study study : Studies.ALL) {
      Path folder = temp.resolve(study.key());
      Results results = run(design(study.key(), "original"), folder);
      assertThat(keys(results)).as(study.key()).containsExactly("original full");
      assertThat(folder.resolve("report.html")).exists();
      String subject = study.subject().key();
      assertThat(keys(run(design(study.key(), subject), folder)))
          .as(study.key())
          .anyMatch(key -> key.startsWith(subject + " "));
    }
  }

  @Test
  void nothingIsCountedWithoutTheControl() throws Exception {
    run(design("downscalers", "supervised-distill"), temp);
    assertThat(texts(Cells.parse(Files.readString(temp.resolve("report.html"))), "li"))
        .noneMatch(text -> text.contains("Of 0 "));
  }

  @Test
  void anUnknownNameListsThoseThereAre() {
    Path folder = temp.resolve("none");
    assertThatThrownBy(() -> run(design("paper", "bicubic", "bicubic-72px"), folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the study paper has no row 'bicubic-72px' with these settings; there are original,"
                + " teacher, direct, direct-4to1, direct-bn, direct-bn-4to1, bicubic, bicubic-4to1,"
                + " supervised, supervised-4to1, bicubic-distill, bicubic-distill-4to1,"
                + " supervised-distill, supervised-distill-4to1, thumbnet, thumbnet-4to1");
    assertThat(folder).doesNotExist();
  }
}
