package dev.thumbnet.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.model.Reduction;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

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

  private String report(Results results) throws IOException {
    Path file = folder.resolve("report.html");
    HtmlReport.write(results, folder, file);
    return Files.readString(file);
  }

  private static Results complete(List<Long> seeds) {
    return MadeUpResults.of(seeds)
        .with(
            MadeUpResults.timings(),
            MadeUpResults.paperCosts(),
            List.of(MadeUpResults.galleryEntry()));
  }

  /** An XML parser is stricter than a browser: it finds every tag that is not closed. */
  private static Document parse(String html) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(html.getBytes()));
  }

  private static List<String> texts(Document document, String tag) {
    List<String> texts = new ArrayList<>();
    NodeList nodes = document.getElementsByTagName(tag);
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  @Test
  void everyRowStandsInTheTableWithItsNumbers() throws Exception {
    List<String> rows = texts(parse(report(complete(List.of(1L)))), "tr");
    assertThat(rows).contains("Original90.095.0–44.2–1.0 : 1701.06.501.0 ×");
    // 86.5 + seed / 10 = 86.6; 12 of 44.2 MMAC; 2.6 of 6.5 ms
    assertThat(rows).contains("ThumbNet86.691.686.412.02.453.7 : 1701.02.602.5 ×");
    assertThat(rows).contains("ThumbNet74.679.674.43.000.6114.7 : 1701.01.305.0 ×");
    for (Method method : Method.AT_EACH_RATIO) {
      assertThat(rows.stream().filter(row -> row.matches(Pattern.quote(method.name()) + "\\d.*")))
          .hasSize(2);
    }
  }

  @Test
  void itSaysWhatStoringThumbnailsCosts() throws Exception {
    assertThat(texts(parse(report(complete(List.of(1L)))), "li").getFirst())
        .contains("Stored as pictures of 8 bits for a colour, its thumbnails give 86.4 %.");
  }

  @Test
  void severalSeedsShowTheirSpread() throws Exception {
    List<String> rows = texts(parse(report(complete(List.of(1L, 3L)))), "tr");
    assertThat(rows).anyMatch(row -> row.startsWith("ThumbNet86.7 ± 0.1"));
  }

  @Test
  void namesAreEscaped() throws Exception {
    String html = report(complete(List.of(1L)));
    assertThat(html).doesNotContain("<script");
    assertThat(texts(parse(html), "figcaption")).contains(MadeUpResults.NASTY_CLASS);
    assertThat(texts(parse(html), "td")).contains("disc, " + MadeUpResults.NASTY_CLASS);
  }

  @Test
  void nothingIsLoadedFromElsewhere() throws Exception {
    Document document = parse(report(complete(List.of(1L))));
    NodeList images = document.getElementsByTagName("img");
    // one chart of costs, three of training, three pictures
    assertThat(images.getLength()).isEqualTo(7);
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
    List<Results.Row> rows =
        good.rows().stream()
            .map(
                r ->
                    r.method().equals("thumbnet") && r.reduction() == Reduction.FOUR_TO_ONE
                        ? withAccuracy(r, 50)
                        : r)
            .toList();
    Results bad =
        new Results(
            good.format(),
            good.origin(),
            good.settings(),
            good.data(),
            rows,
            good.timings(),
            good.paperCosts(),
            good.gallery());
    List<String> findings = texts(parse(report(bad)), "li");
    assertThat(findings.getFirst())
        .contains("ThumbNet names the right class for 50.0 %")
        .contains("Bicubic + Distill, reaches 83.6 %, so here it is the better choice");
  }

  private static Results.Row withAccuracy(Results.Row row, double acc) {
    Results.SeedRun old = row.runs().getFirst();
    return new Results.Row(
        row.method(),
        row.reduction(),
        row.inputSize(),
        row.student(),
        row.cost(),
        List.of(new Results.SeedRun(old.seed(), acc, 80, acc, 90, 1, old.model(), old.curve())));
  }

  @Test
  void whatIsNotMeasuredYetIsLeftOut() throws Exception {
    Results all = MadeUpResults.of(List.of(1L));
    List<String> rows = texts(parse(report(all)), "tr");
    assertThat(rows).contains("Original90.095.0–44.2–1.0 : 1701.0––");
    assertThat(texts(parse(report(all)), "h2")).doesNotContain("The thumbnails");
  }
}
