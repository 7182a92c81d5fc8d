package dev.thumbnet.experiment;

import static dev.thumbnet.experiment.Html.format;
import static dev.thumbnet.experiment.Html.one;
import static dev.thumbnet.experiment.Html.square;

import dev.thumbnet.experiment.Results.DataFacts;
import dev.thumbnet.experiment.Results.Row;
import dev.thumbnet.experiment.Results.SeedRun;
import java.util.Locale;

/** The table of results as Markdown, to be put into a page of text. */
final class MarkdownTable {
  private MarkdownTable() {}

  /**
   * Returns the table between a line about its origin and one about what needs no network.
   *
   * @param results at least of the teacher
   */
  static String of(Results results) {
    Findings findings = new Findings(results);
    Row original = results.row(Method.ORIGINAL.key(), null).orElseThrow();
    StringBuilder text = new StringBuilder(origin(results));
    text.append(
        """

        | Method | sees | Acc@1 | Acc@5 | Acc@1, 8 bits | MMAC | MAC ratio | ms | speed-up | training |
        |---|---|---|---|---|---|---|---|---|---|
        """);
    for (Row row : results.rows()) {
      boolean thumbnails = row.ratio() > 1;
      double minutes = Summary.of(row.runs(), SeedRun::trainingSeconds).mean() / 60;
      text.append(
          format(
              "| %s | %s | %s | %s | %s | %.1f | %s | %s | %s | %s |\n",
              Method.of(row.method()).name() + (thumbnails ? " " + row.ratio() + ":1" : ""),
              square(row.inputSize()),
              Findings.acc1(row),
              Summary.of(row.runs(), SeedRun::acc5),
              thumbnails ? Summary.of(row.runs(), SeedRun::eightBitAcc1) : "–",
              row.cost().macs() / 1e6,
              one(Findings.ratioOfMacs(row, original)),
              findings.timing(row).map(t -> format("%.2f", t.medianMs())).orElse("–"),
              findings.speedUp(row).map(s -> one(s) + " ×").orElse("–"),
              minutes == 0 ? "–" : one(minutes) + " min"));
    }
    DataFacts data = results.data();
    text.append(
        format(
            "\nWithout a network: chance %s %%, majority class %s %%, five nearest neighbours on"
                + " 8 × 8 pixels %s %%. Two accuracies that differ by less than about %s points may"
                + " well be equal.\n",
            one(data.chance()),
            one(data.majority()),
            one(data.nearestNeighbours()),
            one(findings.noise())));
    return text.toString();
  }

  private static String origin(Results results) {
    Settings settings = results.settings();
    return format(
        "`%s`\n\n%s; %,d pictures for training, %,d for validation; downscaler: %s;"
            + " seeds %s; %s, %d cores, %s; %s; %.0f minutes.\n",
        results.origin().command(),
        settings.network(),
        results.data().trainPictures(),
        results.data().valPictures(),
        settings.downscaler().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        settings.seeds(),
        results.origin().machine().processor(),
        results.origin().machine().cores(),
        results.origin().machine().device(),
        results.origin().machine().java(),
        results.origin().seconds() / 60);
  }
}
