package dev.thumbnet.experiment;

import static dev.thumbnet.experiment.report.Cells.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.experiment.report.Cells;
import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.experiment.report.TextReport;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.ResultsFile;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.RateChoice;
import dev.thumbnet.method.pruning.PruningMethod;
import dev.thumbnet.method.slimmable.SlimmableMethod;
import dev.thumbnet.method.thumbnet.StudentMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** Rivals choose their learning rates alike, and each stands beside ThumbNet at its own time. */
final class RivalsStudyTest {
  /** Some of the rivals: one of each kind of training. */
  private static final Study STUDY =
      new RivalsStudy(
          List.of(
              StudentMethod.BICUBIC,
              StudentMethod.BICUBIC_DISTILL,
              PruningMethod.L1,
              SlimmableMethod.US_NET));

  @TempDir private static Path temp;

  private static Results results;
  private static Document page;

  private static Experiment.Design design() {
    return Toys.design(STUDY, List.of(Toys.STRIPES), List.of(1L, 2L), Looks.ALL);
  }

  @BeforeAll
  static void runTheStudy() throws Exception {
    results = Toys.run(design(), temp.resolve("straight"));
    page = Cells.parse(Files.readString(temp.resolve("straight/report.html")));
  }

  private static List<Row> rivals() {
    return results.rows().stream()
        .filter(row -> !Set.of("original", "trial-teacher", "thumbnet").contains(row.method()))
        .toList();
  }

  @Test
  void allThatMakeNetworksCheaperAreRivals() {
    Set<String> run =
        Studies.of("rivals").entries(Toys.SETTING).stream()
            .map(entry -> entry.method().key())
            .collect(Collectors.toSet());
    assertThat(run)
        .contains("thumbnet", "thinet", "l1-pruning", "random-pruning", "thin-scratch")
        .contains("lowrank-svd", "lowrank-spatial", "lowrank-tucker", "narrow", "slimmable")
        .contains("us-net", "lwae");
  }

  @Test
  void allMethodsAreThoseOfTheProgram() {
    assertThat(results.rows())
        .extracting(Row::method)
        .startsWith("original", "trial-teacher", "thumbnet")
        .isSubsetOf(Methods.ALL.stream().map(Method::key).toList());
    assertThat(rivals()).extracting(Row::method).contains("bicubic", "bicubic-distill");
  }

  @Test
  void whoLearnsFromTheTeacherChoosesItsRate() {
    Set<Object> chosen = new HashSet<>();
    for (Row row : results.rows()) {
      for (Run run : row.runs()) {
        boolean trained = !Set.of("original", "trial-teacher").contains(row.method());
        assertThat(run.notes().containsKey(RateChoice.CHOSEN)).isEqualTo(trained);
        chosen.addAll(row.notes(RateChoice.CHOSEN));
      }
    }
    assertThat(chosen).isSubsetOf(0.1, 0.01, 0.001);
    Row bicubic = results.row("stripes", "bicubic", "4to1").orElseThrow();
    assertThat(bicubic.point().settings())
        .containsEntry("rateChoice.teacher", "trial-teacher full");
    Map<String, String> cells = Cells.row(Cells.ofHtml(page, "Method"), "Bicubic 4:1");
    assertThat(cells.get("Peak rate, chosen, per 256"))
        .isEqualTo(
            String.join(
                ", ", bicubic.notes(RateChoice.CHOSEN).stream().map(String::valueOf).toList()));
    assertThat(Cells.row(Cells.ofHtml(page, "Method"), "Original"))
        .containsEntry("Peak rate, chosen, per 256", "–");
  }

  private static String detectable(Comparison pair) {
    OptionalDouble points = pair.paired().orElseThrow().detectable();
    return points.isPresent() ? String.format("%.1f", points.getAsDouble()) : "cannot be said";
  }

  @Test
  void eachRivalStandsBesideThumbNetAtItsTime() throws Exception {
    List<Comparison> pairs = STUDY.comparisons(results);
    assertThat(pairs).extracting(Comparison::row).isEqualTo(rivals());
    assertThat(pairs)
        .allSatisfy(pair -> assertThat(pair.other().method()).isEqualTo("thumbnet"))
        .allSatisfy(pair -> assertThat(pair.paired()).isPresent());
    List<Map<String, String>> rows = Cells.ofHtml(page, "Row");
    assertThat(rows).hasSameSizeAs(pairs);
    for (int i = 0; i < rows.size(); i++) {
      Comparison pair = pairs.get(i);
      assertThat(rows.get(i))
          .containsEntry("Row", pair.row().title())
          .containsEntry("beside", pair.other().title())
          .containsEntry(
              "Times, ms",
              String.format("%.2f, %.2f", pair.row().milliseconds(), pair.other().milliseconds()))
          .containsEntry("could be seen, points", detectable(pair));
    }
    assertThat(Files.readString(temp.resolve("straight/table.md")))
        .isEqualTo(TextReport.markdown(results, STUDY.story(results, List.of())))
        .contains("| Row | beside | Times, ms |");
  }

  @Test
  void thePageShowsTimesAndSaysWhoIsAhead() {
    assertThat(texts(page, "figcaption"))
        .anyMatch(text -> text.startsWith("The same against what was measured: further left"));
    assertThat(texts(page, "li"))
        .anyMatch(
            text -> text.matches("ThumbNet at equal time\\. Of \\d+ rows of other methods, .*"))
        .anyMatch(
            text ->
                text.startsWith("Bicubic. Bicubic 4:1 names the right class for ")
                    && text.contains("; beside ThumbNet 4:1, with "));
    assertThat(texts(page, "p"))
        .anyMatch(text -> text.startsWith("Accuracies come from 21 pictures and 2 seeds"))
        .anyMatch(text -> text.contains("compares the answers of two rows picture by picture"))
        .noneMatch(text -> text.contains("may well be equal"));
  }

  @Test
  void answersAreKept() {
    assertThat(ResultsFile.read(temp.resolve("straight/results.json"))).isEqualTo(results);
    assertThat(results.rows())
        .flatExtracting(Row::runs)
        .allSatisfy(
            run -> {
              assertThat(run.right().orElseThrow().pictures()).isEqualTo(21);
              assertThat(run.right().orElseThrow().accuracy()).isEqualTo(run.acc1());
            });
  }

  @Test
  void interruptionsChangeNothing() {
    Path folder = temp.resolve("interrupted");
    Results resumed = Toys.runInSessions(design(), folder, 20);
    assertThat(resumed.origin().sessions()).isGreaterThan(5);
    assertThat(ExperimentTest.numbers(resumed)).isEqualTo(ExperimentTest.numbers(results));
    for (Row row : resumed.rows()) {
      for (Run run : row.runs()) {
        assertThat(folder.resolve(run.model()))
            .hasSameBinaryContentAs(temp.resolve("straight").resolve(run.model()));
      }
    }
  }
}
