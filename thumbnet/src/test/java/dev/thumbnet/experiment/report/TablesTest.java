package dev.thumbnet.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.experiment.Methods;
import dev.thumbnet.experiment.report.Table.Group;
import dev.thumbnet.experiment.results.MadeUpResults;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Cost;
import dev.thumbnet.experiment.results.Row.Run;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One list of columns gives the same values in all forms, and each row only its own. */
final class TablesTest {
  private static List<Map<String, String>> html(Results results) throws Exception {
    Html html = new Html();
    Columns.of(results, results.data().getFirst()).writeTo(html);
    return Cells.ofHtml(Cells.parse(html.toString()), "Method");
  }

  private static String markdown(Results results) {
    return TextReport.markdown(results, MadeUpResults.PAPER.story(results, List.of()));
  }

  @Test
  void allFormsShowTheSameValues() throws Exception {
    Results results = MadeUpResults.complete(List.of(1L, 3L));
    List<Map<String, String>> html = html(results);
    List<Map<String, String>> console = Cells.ofConsole(TextReport.console(results));
    assertThat(html).hasSize(15).isEqualTo(Cells.ofMarkdown(markdown(results)));
    assertThat(console).hasSize(15);
    for (int i = 0; i < 15; i++) {
      assertThat(html.get(i)).containsAllEntriesOf(console.get(i));
    }
    assertThat(console.getFirst().keySet())
        .containsExactly(
            "Method", "sees, pixels", "Acc@1, percent", "MMAC", "Time, ms", "Speed-up");
  }

  @Test
  void everyNumberIsThatOfItsRow() throws Exception {
    List<Map<String, String>> rows = html(MadeUpResults.complete(List.of(1L)));
    assertThat(Cells.row(rows, "Original"))
        .containsEntry("sees, pixels", "128 × 128")
        .containsEntry("Acc@1, percent", "90.0")
        .containsEntry("Acc@5, percent", "95.0")
        .containsEntry("Acc@1, 8 bits", "–")
        .containsEntry("MMAC", "44.2")
        .containsEntry("of which E, MMAC", "–")
        .containsEntry("MAC ratio, to Original", "1.0")
        .containsEntry("Parameters, thousands", "701.0")
        .containsEntry("Time, ms", "6.50")
        .containsEntry("Speed-up", "1.0 ×")
        .containsEntry("Training, min", "0.5");
    // 12 of 44.2 MMAC; 8.4 / 4 + 0.5 of 6.5 ms
    assertThat(Cells.row(rows, "ThumbNet 4:1"))
        .containsEntry("sees, pixels", "64 × 64")
        .containsEntry("Acc@1, percent", "86.6")
        .containsEntry("Acc@1, 8 bits", "86.4")
        .containsEntry("MMAC", "12.0")
        .containsEntry("of which E, MMAC", "2.45")
        .containsEntry("MAC ratio, to Original", "3.7")
        .containsEntry("Time, ms", "2.60")
        .containsEntry("Speed-up", "2.5 ×");
    assertThat(Cells.row(rows, "Direct 16:1"))
        .containsEntry("Time, ms", "0.53")
        .containsEntry("Training, min", "–");
  }

  @Test
  void amongFiveClassesThereIsNoTopFive() throws Exception {
    Results many = MadeUpResults.complete(List.of(1L));
    DataFacts set = many.data().getFirst();
    DataFacts five =
        new DataFacts(
            set.name(), "", "sha256 12", set.classes().subList(0, 5), 1200, 480, 20, 20, 60.25);
    Results few =
        new Results(
            many.study(),
            many.origin(),
            many.setting(),
            many.seeds(),
            List.of(five),
            many.methods(),
            many.rows(),
            many.paperCosts(),
            many.gallery());
    assertThat(html(few).getFirst())
        .containsKey("Acc@1, percent")
        .doesNotContainKey("Acc@5, percent");
    assertThat(markdown(few)).doesNotContain("Acc@5");
  }

  @Test
  void severalSeedsShowTheirSpread() throws Exception {
    assertThat(Cells.row(html(MadeUpResults.complete(List.of(1L, 3L))), "ThumbNet 4:1"))
        .containsEntry("Acc@1, percent", "86.7 ± 0.1");
  }

  @Test
  void aTimeThatIsNotThereIsAnErrorUnlessTheStudyMeasuresNone() throws Exception {
    Results untimed = MadeUpResults.of(false, List.of(1L));
    assertThat(html(untimed))
        .allMatch(row -> row.get("Time, ms").equals("–") && row.get("Speed-up").equals("–"));

    Results timed = MadeUpResults.of(true, List.of(1L));
    Row last = timed.rows().getLast();
    List<Run> without =
        last.runs().stream()
            .map(r -> MadeUpResults.run(r.seed(), r.acc1(), r.cost(), Optional.empty(), true))
            .toList();
    List<Row> rows = new java.util.ArrayList<>(timed.rows());
    rows.set(rows.size() - 1, last.withRuns(without));
    Results incomplete = timed.withRows(rows);
    String message = "ThumbNet 16:1 on made-up data, seed 1: its time was not measured";
    assertThatThrownBy(() -> html(incomplete)).hasMessage(message);
    Story story = MadeUpResults.PAPER.story(timed, List.of());
    assertThatThrownBy(() -> TextReport.markdown(incomplete, story)).hasMessage(message);
    assertThatThrownBy(() -> TextReport.console(incomplete)).hasMessage(message);
  }

  @Test
  void groupsHaveTheSizeOfAllTheirRows() {
    Method bicubic = Methods.of("bicubic");
    Run run =
        MadeUpResults.run(
            1, 77, new Cost(9_000_000, 0, 701_000, 0), Optional.of(MadeUpResults.timing(2)), true);
    Results results = MadeUpResults.complete(List.of(1L));
    for (int side : new int[] {72, 64, 128}) {
      OperatingPoint point = new OperatingPoint(side + "px", side + " px", side, Map.of());
      results = MadeUpResults.plus(results, bicubic, point, run);
    }
    List<Group<Row>> groups = Columns.groups(results, results.data().getFirst());
    assertThat(groups)
        .extracting(Group::heading)
        .containsExactly(
            "Full size: the network sees 128 × 128 pixels",
            "4:1: the network sees 64 × 64 pixels",
            "16:1: the network sees 32 × 32 pixels",
            "3.2:1: the network sees 72 × 72 pixels");
    assertThat(groups.getFirst().rows())
        .extracting(Row::title)
        .containsExactly("Original", "Bicubic 128 px");
    assertThat(groups.get(1).rows()).extracting(Row::title).contains("Bicubic 64 px");
    assertThat(groups)
        .allMatch(
            group -> group.rows().stream().map(r -> r.point().inputSize()).distinct().count() == 1);
  }
}
