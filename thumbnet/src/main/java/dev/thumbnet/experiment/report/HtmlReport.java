package dev.thumbnet.experiment.report;

import static dev.thumbnet.experiment.report.Html.dataUri;
import static dev.thumbnet.experiment.report.Html.escape;
import static dev.thumbnet.experiment.report.Texts.count;
import static dev.thumbnet.experiment.report.Texts.format;
import static dev.thumbnet.experiment.report.Texts.one;
import static dev.thumbnet.experiment.report.Texts.square;

import dev.thumbnet.experiment.report.Charts.Theme;
import dev.thumbnet.experiment.report.Table.Group;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Results.GalleryEntry;
import dev.thumbnet.experiment.results.Results.Origin;
import dev.thumbnet.experiment.results.ResultsFile;
import dev.thumbnet.experiment.results.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The results as one HTML file that needs nothing beside it: style and pictures are inside. It is
 * written for readers who have not seen the paper, and shows numbers as they are. The text is also
 * well-formed XML.
 */
public final class HtmlReport {
  private static final System.Logger LOG = System.getLogger(HtmlReport.class.getName());

  private final Results results;
  private final Story story;
  private final Looks looks;
  private final Path folder;
  private final Html html = new Html();

  private HtmlReport(Results results, Story story, Looks looks, Path folder) {
    this.results = results;
    this.story = story;
    this.looks = looks;
    this.folder = folder;
  }

  /**
   * Writes the report.
   *
   * @param results what to show
   * @param story the words around it
   * @param looks how methods are drawn
   * @param folder the experiment's output folder, to which the files named in the results are
   *     relative
   * @param file to be written; replaced if there is one
   * @throws IllegalStateException if a number or a look is missing that should be there
   */
  public static void write(Results results, Story story, Looks looks, Path folder, Path file) {
    ResultsFile.writeText(file, new HtmlReport(results, story, looks, folder).build());
  }

  private String build() {
    results.methods().forEach(method -> looks.of(method.key()));
    head();
    findings();
    html.add("<h2>The table</h2>\n");
    results.data().forEach(this::table);
    tableNotes();
    sideBySide();
    story.tables().stream()
        .filter(table -> !Columns.withAny(table, results.rows()).isEmpty())
        .forEach(this::measured);
    html.add("<h2>Accuracy and cost</h2>\n");
    results.data().forEach(this::costPlots);
    legend();
    paperCosts();
    gallery();
    curves();
    explanations();
    facts();
    html.add("</body>\n</html>\n");
    return html.toString();
  }

  private void head() {
    String names = String.join(", ", results.data().stream().map(DataFacts::name).toList());
    html.add(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title>ThumbNet: results on %s</title>
        <style>
        %s</style>
        </head>
        <body>
        <h1>ThumbNet: results on %s</h1>
        """,
        escape(names), resource("report.css"), escape(names));
    Origin run = results.origin();
    html.add(
        "<p class=\"soft\">%s · %s · <code>%s</code> · %s</p>\n",
        escape(story.name()),
        escape(run.started().substring(0, Math.min(10, run.started().length()))),
        escape(run.command()),
        seeds());
  }

  private String seeds() {
    String list = String.join(", ", results.seeds().stream().map(String::valueOf).toList());
    return (results.seeds().size() == 1 ? "seed " : "seeds ") + list;
  }

  /** The name of a data set, where there are several. */
  private String of(DataFacts set) {
    return results.data().size() == 1 ? "" : " on " + set.name();
  }

  // ---------------------------------------------------------------- findings

  private void findings() {
    html.add("<p>%s</p>\n", escape(story.introduction()));
    for (DataFacts set : results.data()) {
      if (!set.note().isEmpty()) {
        html.add("<p class=\"panel\">%s</p>\n", escape(set.note()));
      }
    }
    if (!story.findings().isEmpty()) {
      html.add("<ul>\n");
      for (Finding finding : story.findings()) {
        html.add("<li><b>%s.</b> %s</li>\n", escape(finding.heading()), escape(finding.text()));
      }
      html.add("</ul>\n");
    }
    Reading.of(results, story)
        .forEach(paragraph -> html.add("<p class=\"soft\">%s</p>\n", escape(paragraph)));
  }

  // ---------------------------------------------------------------- tables

  private void table(DataFacts set) {
    heading(set);
    Columns.of(results, set).writeTo(html);
    html.add(
        """
        <p class="soft">For comparison, without any network: guessing %s %%, always the most
        frequent class %s %%, the five nearest neighbours on pictures of 8 × 8 pixels %s %%.</p>
        """,
        one(set.chance()), one(set.majority()), one(set.nearestNeighbours()));
  }

  private void sideBySide() {
    if (story.comparisons().isEmpty()) {
      return;
    }
    html.add("<h2>Side by side</h2>\n");
    for (DataFacts set : results.data()) {
      List<Comparison> pairs = story.comparisons(set.name());
      if (!pairs.isEmpty()) {
        heading(set);
        Columns.sideBySide(pairs, results.study().timed()).writeTo(html);
      }
    }
  }

  private void measured(MeasuredTable table) {
    html.add("<h2>%s</h2>\n<p>%s</p>\n", escape(table.heading()), escape(table.text()));
    for (DataFacts set : results.data()) {
      if (!Columns.withAny(table, results.rows(set)).isEmpty()) {
        heading(set);
        Columns.measured(table, results, set).writeTo(html);
        table.cost().ifPresent(cost -> measuredChart(cost, set));
      }
    }
  }

  private void measuredChart(MeasuredTable.Quantity cost, DataFacts set) {
    List<Row> rows = results.rows(set).stream().filter(row -> Columns.has(row, cost)).toList();
    if (!rows.isEmpty()) {
      String axis = cost.header() + ", " + cost.unit();
      chart(
          charts -> charts.accuracyAndMeasured(cost.name(), axis, rows),
          "Accuracy against " + axis + of(set),
          "Accuracy against "
              + axis
              + of(set)
              + ": higher is more accurate, further left smaller.");
    }
  }

  /** The name of a data set above what is of it, where there are several. */
  private void heading(DataFacts set) {
    if (results.data().size() > 1) {
      html.add("<h3>%s</h3>\n", escape(set.name()));
    }
  }

  private void tableNotes() {
    html.add(
        """
        <p class="soft">A MAC is one multiply-add of a convolution or linear layer; MMAC are
        millions of them, those of the downscaler E included. Ratios such as 4:1 are ratios of
        areas; <em>8 bits</em> means thumbnails that were stored as pictures in between.</p>
        """);
    threads()
        .ifPresent(
            threads ->
                html.add(
                    """
                    <p class="soft">Times are medians of compiled networks for one picture at a
                    time, from its pixels at full size to the answer, so they include making the
                    thumbnail; all were taken in turns in one process on %d threads. Rows whose
                    networks compile to the same program, whatever their weights, share one
                    measurement. The MAC ratio is one of counts, the speed-up one of times.</p>
                    """,
                    threads));
  }

  private Optional<Integer> threads() {
    return results.study().timed()
        ? results.rows().stream()
            .flatMap(row -> row.runs().stream())
            .flatMap(run -> run.timing().stream())
            .map(timing -> timing.threads())
            .findFirst()
        : Optional.empty();
  }

  private void paperCosts() {
    if (results.paperCosts().isEmpty()) {
      return;
    }
    html.add(
        """
        <h2>Costs at the paper's size</h2>
        <p>The networks above may be narrow, to be trained in minutes, while the downscaler is as
        large as for wide ones and so takes an unduly large part. This is what the full network (%s)
        costs for pictures of %s pixels. Counts and times do not depend on what a network has
        learned, so these have random weights.</p>
        """,
        escape(results.paperCosts().getFirst().network()),
        square(results.paperCosts().getFirst().inputSize()));
    Columns.of(results.paperCosts()).writeTo(html);
  }

  // ---------------------------------------------------------------- charts and pictures

  private void costPlots(DataFacts set) {
    List<Row> rows = results.rows(set);
    chart(
        charts -> charts.accuracyAndCost(rows),
        "Accuracy against multiply-adds per picture, the downscaler included" + of(set),
        "Higher is more accurate, further left is cheaper"
            + of(set)
            + ". A line joins the points"
            + " of one method, but for those that a cheaper one of them matches.");
    if (results.study().timed()) {
      chart(
          charts -> charts.accuracyAndTime(rows),
          "Accuracy against measured time per picture, making the thumbnail included" + of(set),
          "The same against what was measured: further left is faster" + of(set) + ".");
    }
  }

  private void curves() {
    html.add(
        "<h2>How training went</h2>\n<p>Accuracy after each epoch, seed %d.</p>\n",
        results.seeds().getFirst());
    legend();
    html.add("<div class=\"curves\">\n");
    for (DataFacts set : results.data()) {
      for (Group<Row> group : Columns.groups(results, set)) {
        if (group.rows().stream().anyMatch(row -> !Charts.curve(row).isEmpty())) {
          chart(
              charts -> charts.trainingCurves(group.rows()),
              "Training curves" + of(set) + ", " + group.heading(),
              group.heading() + of(set) + ".");
        }
      }
    }
    html.add("</div>\n");
  }

  /** Which line is which, for all charts. */
  private void legend() {
    html.add("<p class=\"legend\">");
    results
        .methods()
        .forEach(
            method -> {
              Look look = looks.of(method.key());
              html.add(
                  "<span><b style=\"color:%s\">%s</b> %s</span>\n",
                  look.css(), look.legend(), escape(method.name()));
            });
    html.add("</p>\n");
  }

  /**
   * Charts need fonts; a server may have none. Whatever prevents one, an experiment of days must
   * still get the rest of its report.
   */
  private void chart(Function<Charts, byte[]> chart, String alternative, String caption) {
    try {
      byte[] light = chart.apply(new Charts(looks, Theme.LIGHT));
      byte[] dark = chart.apply(new Charts(looks, Theme.DARK));
      html.add(
          "<figure><picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"%s\"/>"
              + "<img src=\"%s\" width=\"620\" height=\"400\" alt=\"%s\"/></picture>"
              + "<figcaption>%s</figcaption></figure>\n",
          dataUri(dark), dataUri(light), escape(alternative), escape(caption));
    } catch (RuntimeException | LinkageError | InternalError e) {
      LOG.log(System.Logger.Level.WARNING, "cannot draw a chart: {0}", e.toString());
      html.add(
          "<p class=\"panel warning\">%s: the chart could not be drawn (%s).%s</p>\n",
          escape(alternative),
          escape(e.toString()),
          Charts.canWrite() ? "" : " This system has no fonts: it needs fontconfig and any font.");
    }
  }

  private void gallery() {
    if (results.gallery().isEmpty()) {
      return;
    }
    html.add(
        """
        <h2>The thumbnails</h2>
        <p>Each picture beside its thumbnails, all enlarged to the same size so that single pixels
        can be seen.</p>
        """);
    for (GalleryEntry entry : results.gallery()) {
      html.add("<div class=\"gallery\">\n");
      picture(entry.picture(), "", entry.label());
      entry.thumbnails().forEach(t -> picture(t.file(), " class=\"pixels\"", t.caption()));
      html.add("</div>\n");
    }
  }

  private void picture(String file, String attributes, String caption) {
    byte[] png;
    try {
      png = Files.readAllBytes(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(
          folder.resolve(file) + ": the report needs this picture and cannot read it", e);
    }
    html.add(
        "<figure><img%s src=\"%s\" alt=\"%s\"/><figcaption>%s</figcaption></figure>\n",
        attributes, dataUri(png), escape(caption), escape(caption));
  }

  // ---------------------------------------------------------------- text

  private void explanations() {
    html.add("<h2>What the rows are</h2>\n<dl>\n");
    results
        .methods()
        .forEach(
            m -> html.add("<dt>%s</dt><dd>%s</dd>\n", escape(m.name()), escape(m.explanation())));
    html.add("</dl>\n<p>%s</p>\n", escape(story.conditions()));
    html.add(
        """
        <p>Thumbnails of <em>8 bits</em> are stored with whole numbers from 0 to 255, as in a PNG file,
        before they are classified: what is left when thumbnails are saved or sent.</p>
        """);
  }

  private void facts() {
    Origin run = results.origin();
    html.add("<h2>Settings and machine</h2>\n<div class=\"scroll\"><table class=\"facts\">\n");
    fact("Command", run.command());
    fact("Seeds", seeds());
    fact("Started", run.started());
    fact("Duration", duration(run.seconds()) + sessions(run.sessions()));
    for (DataFacts set : results.data()) {
      fact(
          "Pictures",
          format(
              "%s: %s for training, %s for validation, %d classes",
              set.name(),
              count(set.trainPictures()),
              count(set.valPictures()),
              set.classes().size()));
      fact("Classes", String.join(", ", set.classes()));
    }
    results.setting().facts().forEach(this::fact);
    fact("Version", run.version());
    fact("Processor", run.machine().processor() + ", " + run.machine().cores() + " cores");
    fact("Kernels", run.machine().device());
    fact("System", run.machine().system());
    fact("Java", run.machine().java());
    html.add("</table></div>\n");
    html.add(
        "<p class=\"soft\">Every number of this page is in <code>results.json</code> beside it. The"
            + " same command with the same seed gives the same accuracies again, on any number of"
            + " threads.</p>\n");
  }

  private void fact(String name, String value) {
    html.add("<tr><td>%s</td><td>%s</td></tr>\n", name, escape(value));
  }

  private static String sessions(int sessions) {
    return sessions == 1 ? "" : format(", in %d sessions", sessions);
  }

  private static String duration(double seconds) {
    long s = Math.round(seconds);
    return s < 3600
        ? format("%d min %02d s", s / 60, s % 60)
        : format("%d h %02d min", s / 3600, s / 60 % 60);
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the program lacks its resource " + name, e);
    }
  }
}
