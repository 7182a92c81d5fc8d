package dev.thumbnet.experiment.report;

import static dev.thumbnet.experiment.report.Cells.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.experiment.results.MadeUpResults;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Results.MethodFacts;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.experiment.results.Row.Compiled;
import dev.thumbnet.experiment.results.Row.Run;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The page shows what is in the results, by itself, and fails where something is missing. */
final class HtmlReportTest {
  @TempDir Path folder;

  @BeforeEach
  void makeGallery() throws IOException {
    Files.createDirectory(folder.resolve("gallery"));
    for (String name : List.of("1", "1b", "1t")) {
      BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
      ImageIO.write(image, "png", folder.resolve("gallery/" + name + ".png").toFile());
    }
  }

  private Document report(Results results) throws Exception {
    Path file = folder.resolve("report.html");
    HtmlReport.write(
        results, MadeUpResults.PAPER.story(results, List.of()), Looks.ALL, folder, file);
    return Cells.parse(Files.readString(file));
  }

  private static Results complete(List<Long> seeds) {
    return MadeUpResults.complete(seeds);
  }

  @Test
  void everyRowStandsInTheTableBelowTheSizeItSees() throws Exception {
    Document document = report(complete(List.of(1L)));
    assertThat(Cells.ofHtml(document, "Method")).hasSize(15);
    assertThat(texts(document, "th"))
        .contains(
            "Full size: the network sees 128 × 128 pixels",
            "4:1: the network sees 64 × 64 pixels",
            "16:1: the network sees 32 × 32 pixels");
  }

  @Test
  void costsAtThePapersSizeAreComparedWithTheFirst() throws Exception {
    List<Map<String, String>> rows = Cells.ofHtml(report(complete(List.of(1L))), "Thumbnail");
    assertThat(Cells.row(rows, "learned 4:1"))
        .containsEntry("sees, pixels", "112 × 112")
        .containsEntry("of which E, MMAC", "30.1")
        .containsEntry("MAC ratio, to full size", "3.5")
        .containsEntry("Time, ms", "16.0")
        .containsEntry("Speed-up", "2.5 ×");
  }

  @Test
  void itSaysWhatStoringThumbnailsCosts() throws Exception {
    assertThat(texts(report(complete(List.of(1L))), "li").getFirst())
        .contains("Stored as pictures of 8 bits for a colour, its thumbnails give 86.4 %")
        .contains("the same answer for 98.5 % of the pictures");
  }

  @Test
  void namesAreEscaped() throws Exception {
    Document document = report(complete(List.of(1L)));
    assertThat(folder.resolve("report.html")).content().doesNotContain("<script");
    assertThat(texts(document, "figcaption")).contains(MadeUpResults.NASTY_CLASS);
    assertThat(texts(document, "td"))
        .contains("disc, " + MadeUpResults.NASTY_CLASS + ", ring, star, cross, moon");
  }

  @Test
  void nothingIsLoadedFromElsewhere() throws Exception {
    Document document = report(complete(List.of(1L)));
    NodeList images = document.getElementsByTagName("img");
    // charts of costs and of times, three of training, three pictures
    assertThat(images.getLength()).isEqualTo(8);
    for (int i = 0; i < images.getLength(); i++) {
      Element image = (Element) images.item(i);
      assertThat(image.getAttribute("alt")).isNotBlank();
      String prefix = "data:image/png;base64,";
      assertThat(image.getAttribute("src")).startsWith(prefix);
      byte[] png = Base64.getDecoder().decode(image.getAttribute("src").substring(prefix.length()));
      assertThat(ImageIO.read(new ByteArrayInputStream(png))).isNotNull();
    }
    assertThat(texts(document, "style").getFirst()).doesNotContain("url(", "@import");
    assertThat(document.getElementsByTagName("link").getLength()).isZero();
    assertThat(document.getElementsByTagName("script").getLength()).isZero();
  }

  @Test
  void aLearnedRowThatLosesIsShownAsItIs() throws Exception {
    Results good = complete(List.of(1L));
    List<Row> rows =
        good.rows().stream()
            .map(row -> row.title().equals("ThumbNet 4:1") ? withAccuracy(row, 50) : row)
            .toList();
    assertThat(texts(report(good.withRows(rows)), "li").getFirst())
        .startsWith("4:1. From 64 × 64 pixels ThumbNet names the right class for 50.0 %")
        .contains("Original, from 128 × 128 pixels, for 90.0 %")
        .contains("Bicubic + Distill, the best of Bicubic and Bicubic + Distill on as many pixels,")
        // 480 pictures: two standard errors of 50 % are 6.5 points.
        .contains("reaches 83.6 %; ThumbNet is behind by 33.6 points [27.1, 40.1], so here Bicubic")
        .contains(" + Distill is the better choice.");
  }

  @Test
  void rowsStandBesideThumbNet() throws Exception {
    Document document = report(MadeUpResults.withAnswers(complete(List.of(1L))));
    List<Map<String, String>> rows = Cells.ofHtml(document, "Row");
    assertThat(rows).hasSize(13);
    // 416 and 401 of 480 pictures, and all of these among those.
    Map<String, String> row = Cells.row(rows, "Bicubic + Distill 4:1");
    double error = 100 * Math.sqrt((15 - 15 * 15 / 480.0) / (480 * 480));
    assertThat(row)
        .containsEntry("beside", "ThumbNet 4:1")
        .containsEntry("Times, ms", "2.10, 2.60")
        .containsEntry("Acc@1, percent", "83.5, 86.7")
        .containsEntry("Difference, points", "-3.1")
        .containsEntry("so it is", "behind")
        .containsEntry("could be seen, points", String.format("%.1f", 2.8 * error));
    String[] ends = row.get("Interval, points").split(" to ");
    assertThat(Double.parseDouble(ends[0])).isCloseTo(-3.125 - 1.96 * error, within(0.3));
    assertThat(Double.parseDouble(ends[1])).isCloseTo(-3.125 + 1.96 * error, within(0.3));
    assertThat(Cells.row(rows, "Original")).containsEntry("beside", "ThumbNet 4:1");
    assertThat(texts(document, "li").getFirst()).contains("; ThumbNet is ahead by 3.1 points [");
  }

  @Test
  void itSaysOnceHowToReadDifferences() throws Exception {
    String oneSeed = "There is one seed, so this says nothing of what another training would give.";
    String unpaired = "may well be equal";
    String paired = "compares the answers of two rows picture by picture";
    Document one = report(MadeUpResults.withAnswers(complete(List.of(1L))));
    assertThat(texts(one, "p")).filteredOn(text -> text.contains(paired)).hasSize(1);
    assertThat(texts(one, "p"))
        .anyMatch(text -> text.endsWith(oneSeed))
        .noneMatch(text -> text.contains(unpaired));
    Document two = report(MadeUpResults.withAnswers(complete(List.of(1L, 2L))));
    assertThat(texts(two, "p"))
        .anyMatch(text -> text.contains(paired))
        .noneMatch(text -> text.endsWith(oneSeed));
    Document old = report(complete(List.of(1L)));
    assertThat(texts(old, "p"))
        .anyMatch(text -> text.contains(unpaired))
        .noneMatch(text -> text.contains(paired));
  }

  private static Row withAccuracy(Row row, double acc) {
    Run old = row.runs().getFirst();
    return row.withRuns(
        List.of(MadeUpResults.run(old.seed(), acc, old.cost(), old.timing(), true)));
  }

  private static Run compiled(Run run, double acc1, double agreement) {
    return new Run(
        run.seed(),
        run.acc1(),
        run.acc5(),
        run.eightBitAcc1(),
        run.eightBitAgreement(),
        Optional.of(new Compiled(acc1, agreement)),
        run.trainingSeconds(),
        run.cost(),
        run.timing(),
        run.model(),
        run.right(),
        run.notes(),
        run.measured(),
        run.curve());
  }

  @Test
  void aCompiledNetworkThatAnswersOtherwiseIsNamed() throws Exception {
    Results same = MadeUpResults.withAnswers(complete(List.of(1L)));
    String heading = "Compiled networks answer otherwise";
    assertThat(texts(report(same), "li")).noneMatch(text -> text.startsWith(heading));
    List<Row> rows = new ArrayList<>(same.rows());
    Run run = rows.getLast().runs().getFirst();
    rows.set(rows.size() - 1, rows.getLast().withRuns(List.of(compiled(run, run.acc1(), 99.75))));
    assertThat(texts(report(same.withRows(rows)), "li"))
        .anySatisfy(
            text ->
                assertThat(text)
                    .startsWith(heading + ". ThumbNet 16:1, seed 1: ")
                    .endsWith("the same answer for 99.75 % of the pictures."));
  }

  @Test
  void whatIsMissingIsAnError() {
    Results all = complete(List.of(1L));
    List<Row> untimed = MadeUpResults.of(false, List.of(1L)).rows();
    Path file = folder.resolve("none.html");
    Story story = MadeUpResults.PAPER.story(all, List.of());
    assertThatThrownBy(
            () -> HtmlReport.write(all.withRows(untimed), story, Looks.ALL, folder, file))
        .hasMessageContaining("its time was not measured");
    Results other =
        all.plus(
            new MethodFacts("other", "Other", "Nobody knows it."),
            new Row(
                MadeUpResults.DATA,
                "other",
                "Other",
                all.rows().getFirst().point(),
                false,
                all.rows().getFirst().runs()));
    assertThatThrownBy(() -> HtmlReport.write(other, story, Looks.ALL, folder, file))
        .hasMessageContaining("how the method 'other' is drawn");
    assertThat(file).doesNotExist();
  }

  @Test
  void aStudyWithoutTimesSaysNothingOfThem() throws Exception {
    Document document = report(MadeUpResults.of(false, List.of(1L)));
    assertThat(texts(document, "h2")).doesNotContain("The thumbnails");
    assertThat(texts(document, "li").getFirst()).doesNotContain("as fast");
    assertThat(texts(document, "p")).noneMatch(text -> text.startsWith("Times are medians"));
  }
}
