package dev.thumbnet.experiment;

import static dev.thumbnet.experiment.Findings.acc1;
import static dev.thumbnet.experiment.Findings.ratioOfMacs;
import static dev.thumbnet.experiment.Html.dataUri;
import static dev.thumbnet.experiment.Html.escape;
import static dev.thumbnet.experiment.Html.format;
import static dev.thumbnet.experiment.Html.one;
import static dev.thumbnet.experiment.Html.square;

import dev.thumbnet.experiment.Results.Cost;
import dev.thumbnet.experiment.Results.DataFacts;
import dev.thumbnet.experiment.Results.GalleryEntry;
import dev.thumbnet.experiment.Results.Origin;
import dev.thumbnet.experiment.Results.PaperCost;
import dev.thumbnet.experiment.Results.Row;
import dev.thumbnet.experiment.Results.SeedRun;
import dev.thumbnet.experiment.Results.Thumbnail;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.train.Recipe;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The results as one HTML file that needs nothing beside it: style and pictures are inside. It is
 * written for readers who have not seen the paper, and shows numbers as they are. The text is also
 * well-formed XML.
 */
public final class HtmlReport {
  private static final System.Logger LOG = System.getLogger(HtmlReport.class.getName());

  private final Results results;
  private final Path folder;
  private final Findings findings;
  private final Html html = new Html();

  private HtmlReport(Results results, Path folder) {
    this.results = results;
    this.folder = folder;
    this.findings = new Findings(results);
  }

  /**
   * Writes the report.
   *
   * @param results what to show, at least of the teacher
   * @param folder the experiment's output folder, to which the files named in the results are
   *     relative
   * @param file to be written; replaced if there is one
   */
  public static void write(Results results, Path folder, Path file) {
    ResultsFile.writeText(file, new HtmlReport(results, folder).build());
  }

  private String build() {
    head();
    findings();
    table();
    costPlot();
    paperCosts();
    gallery();
    curves();
    explanations();
    facts();
    html.add("</body>\n</html>\n");
    return html.toString();
  }

  private void head() {
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
        escape(results.data().name()), resource("report.css"), escape(results.data().name()));
    Origin run = results.origin();
    html.add(
        "<p class=\"soft\">%s · <code>%s</code> · %s</p>\n",
        escape(run.started().substring(0, Math.min(10, run.started().length()))),
        escape(run.command()),
        seeds());
  }

  private String seeds() {
    List<Long> seeds = results.settings().seeds();
    String list = String.join(", ", seeds.stream().map(String::valueOf).toList());
    return (seeds.size() == 1 ? "seed " : "seeds ") + list;
  }

  // ---------------------------------------------------------------- findings

  private void findings() {
    html.add(
        """
        <p>A network that recognises pictures gets cheaper when it looks at thumbnails instead of
        full pictures, and worse. ThumbNet trains a tiny downscaler to make thumbnails that keep
        what matters, and a student network that learns from the full-size network, the teacher,
        how to read them.</p>
        """);
    if (!results.data().note().isEmpty()) {
      html.add("<p class=\"panel\">%s</p>\n", escape(results.data().note()));
    }
    html.add("<ul>\n");
    for (Reduction reduction : results.settings().reductions()) {
      results
          .row(Method.THUMBNET.key(), reduction)
          .ifPresent(row -> html.add("<li>%s</li>\n", findings.atRatio(row, original())));
    }
    html.add("</ul>\n");
    noise(original());
  }

  private Row original() {
    return results
        .row(Method.ORIGINAL.key(), null)
        .orElseThrow(() -> new IllegalArgumentException("there are no results of the teacher"));
  }

  private void noise(Row original) {
    html.add(
        "<p class=\"soft\">Accuracies come from %s pictures%s. Two accuracies that differ by less"
            + " than about %s points may well be equal.</p>\n",
        count(results.data().valPictures()),
        original.runs().size() == 1
            ? " and one seed"
            : format(" and %d seeds (mean ± standard deviation)", original.runs().size()),
        one(findings.noise()));
  }

  // ---------------------------------------------------------------- table

  private void table() {
    html.add(
        """
        <h2>The table</h2>
        <div class="scroll"><table class="wide">
        <thead><tr><th>Method</th><th>Acc@1<small>percent</small></th>\
        <th>Acc@5<small>percent</small></th><th>Acc@1<small>8-bit thumbnails</small></th>\
        <th>MMAC<small>per picture</small></th><th>of which<small>downscaler</small></th>\
        <th>MAC ratio<small>Original : row</small></th><th>Parameters<small>thousands</small></th>\
        <th>Time<small>ms per picture</small></th><th>Speed-up<small>measured</small></th></tr>\
        </thead>
        <tbody>
        """);
    group("Full size", null);
    for (Reduction reduction : results.settings().reductions()) {
      group(reduction.toString(), reduction);
    }
    html.add("</tbody></table></div>\n");
    DataFacts data = results.data();
    html.add(
        """
        <p class="soft">For comparison, without any network: guessing %s %%, always the most
        frequent class %s %%, the five nearest neighbours on pictures of 8 × 8 pixels %s %%.</p>
        <p class="soft">A MAC is one multiply-add of a convolution or linear layer; MMAC are
        millions of them. The ratio is one of counts, the speed-up one of times, both against
        Original. Times are medians of compiled networks for one picture at a time, from its pixels
        at full size to the answer, so they include making the thumbnail; all were taken in turns
        in one process%s.
        Rows with the same networks share one measurement. The ratios %s are ratios of areas.</p>
        """,
        one(data.chance()),
        one(data.majority()),
        one(data.nearestNeighbours()),
        results.timings().isEmpty()
            ? ""
            : format(" on %d threads", results.timings().getFirst().threads()),
        String.join(
            " and ", results.settings().reductions().stream().map(Reduction::toString).toList()));
  }

  private void group(String name, Reduction reduction) {
    List<Row> rows = results.rows().stream().filter(r -> r.reduction() == reduction).toList();
    if (rows.isEmpty()) {
      return;
    }
    html.add(
        "<tr class=\"group\"><th colspan=\"10\">%s: the network sees %s pixels</th></tr>\n",
        name, square(rows.getFirst().inputSize()));
    rows.forEach(this::tableRow);
  }

  private void tableRow(Row row) {
    Method method = Method.of(row.method());
    Cost cost = row.cost();
    boolean thumbnail = method.thumbnail() != Method.Thumbnail.NONE;
    html.add("<tr%s>", method.equals(Method.THUMBNET) ? " class=\"main\"" : "");
    html.add("<td>%s</td>", escape(method.name()));
    html.add("<td class=\"bar\" style=\"--share:%s%%\">%s</td>", one(acc1(row).mean()), acc1(row));
    html.cell(summary(row, SeedRun::acc5).toString());
    html.cell(thumbnail ? summary(row, SeedRun::eightBitAcc1).toString() : "–");
    html.cell(millions(cost.macs()));
    html.cell(cost.downscalerMacs() == 0 ? "–" : millions(cost.downscalerMacs()));
    html.cell(one(ratioOfMacs(row, original())) + " : 1");
    html.cell(format("%,.1f", cost.parameters() / 1e3));
    html.cell(findings.timing(row).map(t -> format("%.2f", t.medianMs())).orElse("–"));
    html.cell(findings.speedUp(row).map(s -> one(s) + " ×").orElse("–"));
    html.add("</tr>\n");
  }

  private static Summary summary(Row row, ToDoubleFunction<SeedRun> value) {
    return Summary.of(row.runs(), value);
  }

  // ---------------------------------------------------------------- charts and pictures

  private void costPlot() {
    html.add("<h2>Accuracy and cost</h2>\n");
    chart(
        theme -> Charts.accuracyAndCost(results, theme),
        "Accuracy against multiply-adds per picture, the downscaler included",
        "Higher is more accurate, further left is cheaper. Lines join the ratios of one method.");
    legend();
  }

  private void paperCosts() {
    if (results.paperCosts().isEmpty()) {
      return;
    }
    PaperCost full = results.paperCosts().getFirst();
    html.add(
        """
        <h2>Costs at the paper's size</h2>
        <p>The networks above are narrow, to be trained in minutes, while the downscaler is as large
        as for wide ones and so takes an unduly large part. This is what full-width ResNet-18 costs
        for 1000 classes and pictures of %s pixels. Counts and times do not depend on what a network
        has learned, so these have random weights.</p>
        <div class="scroll"><table>
        <thead><tr><th>Thumbnail</th><th>The network sees</th><th>MMAC<small>per picture</small></th>\
        <th>of which<small>downscaler</small></th><th>MAC ratio<small>full : row</small></th>\
        <th>Time<small>ms per picture</small></th><th>Speed-up<small>measured</small></th></tr></thead>
        <tbody>
        """,
        square(full.inputSize()));
    for (PaperCost cost : results.paperCosts()) {
      String[] name = cost.timing().pipeline().split("-");
      html.add("<tr>");
      html.cell(
          switch (name[0]) {
            case "full" -> "none";
            case "bicubic" -> "bicubic " + name[1] + ":1";
            default -> "learned " + name[1] + ":1";
          });
      html.cell(square(cost.inputSize()));
      html.cell(millions(cost.macs()));
      html.cell(cost.downscalerMacs() == 0 ? "–" : millions(cost.downscalerMacs()));
      html.cell(one((double) full.macs() / cost.macs()) + " : 1");
      html.cell(format("%.1f", cost.timing().medianMs()));
      html.cell(one(full.timing().medianMs() / cost.timing().medianMs()) + " ×");
      html.add("</tr>\n");
    }
    html.add("</tbody></table></div>\n");
  }

  private void curves() {
    html.add("<h2>How training went</h2>\n<p>Accuracy after each epoch, %s.</p>\n", firstSeed());
    legend();
    html.add("<div class=\"curves\">\n");
    Stream.concat(Stream.of(1), results.settings().reductions().stream().map(Reduction::area))
        .filter(ratio -> results.rows().stream().anyMatch(r -> r.ratio() == ratio))
        .forEach(
            ratio -> {
              String name = ratio == 1 ? "the teacher" : "the students at " + ratio + ":1";
              chart(
                  theme -> Charts.trainingCurves(results, ratio, theme),
                  "Training curves of " + name,
                  "Training of " + name + ".");
            });
    html.add("</div>\n");
  }

  /** Which line is which, for all charts. */
  private void legend() {
    html.add("<p class=\"legend\">");
    methods()
        .forEach(
            method -> {
              Charts.Look look = Charts.Look.of(method);
              html.add(
                  "<span><b style=\"color:%s\">%s</b> %s</span>\n",
                  look.css(),
                  look.dashed() ? "┄" + look.symbol() + "┄" : "─" + look.symbol() + "─",
                  escape(method.name()));
            });
    html.add("</p>\n");
  }

  /** The methods that have rows, in the order of the table. */
  private Stream<Method> methods() {
    return results.rows().stream().map(Row::method).distinct().map(Method::of);
  }

  private String firstSeed() {
    return "seed " + results.settings().seeds().getFirst();
  }

  /** Charts need fonts; a server may have none, and must still get its report. */
  private void chart(Function<Charts.Theme, byte[]> chart, String alternative, String caption) {
    try {
      byte[] light = chart.apply(Charts.Theme.LIGHT);
      byte[] dark = chart.apply(Charts.Theme.DARK);
      html.add(
          "<figure><picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"%s\"/>"
              + "<img src=\"%s\" width=\"620\" height=\"400\" alt=\"%s\"/></picture>"
              + "<figcaption>%s</figcaption></figure>\n",
          dataUri(dark), dataUri(light), escape(alternative), escape(caption));
    } catch (RuntimeException | LinkageError | InternalError e) {
      LOG.log(System.Logger.Level.WARNING, "cannot draw a chart: {0}", e.toString());
      html.add(
          "<p class=\"panel warning\">%s: the chart could not be drawn (%s). A system without fonts"
              + " needs the package fontconfig and any font.</p>\n",
          escape(alternative), escape(e.toString()));
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
      for (Thumbnail thumbnail : entry.thumbnails()) {
        Method method = Method.of(thumbnail.method());
        picture(thumbnail.file(), " class=\"pixels\"", method.name() + " " + thumbnail.reduction());
      }
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
    Stream.concat(Stream.of(Method.ORIGINAL), Method.AT_EACH_RATIO.stream())
        .filter(m -> results.rows().stream().anyMatch(r -> r.method().equals(m.key())))
        .forEach(
            m -> html.add("<dt>%s</dt><dd>%s</dd>\n", escape(m.name()), escape(m.explanation())));
    html.add("</dl>\n");
    html.add(
        """
        <p>Every student starts from the teacher's weights, sees the same pictures in the same
        order and is trained for the same number of epochs. <em>8-bit thumbnails</em> are stored
        with whole numbers from 0 to 255, as in a PNG file, before they are classified: what is
        left when thumbnails are saved or sent.</p>
        """);
    results
        .row(Method.THUMBNET.key(), results.settings().reductions().getFirst())
        .ifPresent(
            row ->
                html.add(
                    "<p>ThumbNet at %d:1 gives the same answer for either kind of thumbnail in"
                        + " %s %% of the cases.</p>\n",
                    row.ratio(), summary(row, SeedRun::eightBitAgreement)));
  }

  private void facts() {
    Settings settings = results.settings();
    DataFacts data = results.data();
    Origin run = results.origin();
    html.add("<h2>Settings and machine</h2>\n<div class=\"scroll\"><table class=\"facts\">\n");
    fact("Command", run.command());
    fact("Seeds", seeds());
    fact("Started", run.started());
    fact("Duration", duration(run.seconds()) + sessions(run.sessions()));
    fact(
        "Pictures",
        format(
            "%s: %s for training, %s for validation, %d classes",
            data.name(),
            count(data.trainPictures()),
            count(data.valPictures()),
            data.classes().size()));
    fact("Classes", String.join(", ", data.classes()));
    fact("Network", settings.network() + ", pictures of " + square(settings.size()) + " pixels");
    fact("Downscaler", settings.downscaler().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    fact("Teacher", training(settings.teacher()));
    fact("Students", training(settings.student()));
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

  private static String training(Recipe recipe) {
    return format(
        "%d epochs, batches of %d, peak learning rate %.3g, weight decay %.2g, label smoothing %s",
        recipe.epochs(),
        recipe.batchSize(),
        recipe.learningRate(),
        recipe.weightDecay(),
        recipe.labelSmoothing());
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

  private static String count(int value) {
    return format("%,d", value);
  }

  private static String millions(long macs) {
    return format(macs < 10_000_000 ? "%.2f" : "%.1f", macs / 1e6);
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the program lacks its resource " + name, e);
    }
  }
}
