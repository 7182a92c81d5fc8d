package dev.thumbnet.experiment.report;

import static dev.thumbnet.experiment.report.Texts.count;
import static dev.thumbnet.experiment.report.Texts.format;
import static dev.thumbnet.experiment.report.Texts.one;

import dev.thumbnet.engine.io.Printable;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Results.Origin;
import java.util.List;

/** The tables without pictures: as Markdown, to be put into a page of text, and for a terminal. */
public final class TextReport {
  private TextReport() {}

  /**
   * Returns two tables for each data set as Markdown, the rows and then which of them stand side by
   * side, after a line about their origin and each with one about what needs no network; at the end
   * how they are to be read.
   *
   * @throws IllegalStateException if a number is missing that should be there
   */
  public static String markdown(Results results, Story story) {
    StringBuilder text = new StringBuilder(origin(results));
    for (DataFacts set : results.data()) {
      text.append(
          format(
              "\n%s: %s pictures for training, %s for validation.\n\n",
              Markdown.escape(set.name()), count(set.trainPictures()), count(set.valPictures())));
      text.append(Columns.of(results, set).markdown());
      text.append(
          format(
              "\nWithout a network: chance %s %%, majority class %s %%, five nearest neighbours on"
                  + " 8 × 8 pixels %s %%.\n",
              one(set.chance()), one(set.majority()), one(set.nearestNeighbours())));
      List<Comparison> pairs = story.comparisons(set.name());
      if (!pairs.isEmpty()) {
        text.append('\n').append(Columns.sideBySide(pairs, results.study().timed()).markdown());
      }
      for (MeasuredTable table : story.tables()) {
        if (!Columns.withAny(table, results.rows(set)).isEmpty()) {
          text.append(format("\n%s.\n\n", Markdown.escape(table.heading())))
              .append(Columns.measured(table, results, set).markdown());
        }
      }
    }
    Reading.of(results, story)
        .forEach(paragraph -> text.append('\n').append(Markdown.escape(paragraph)).append('\n'));
    return text.toString();
  }

  private static String origin(Results results) {
    Origin run = results.origin();
    return format(
        "%s\n\n%s; downscaler: %s; seeds %s; %s, %d cores, %s; %s; %.0f minutes.\n",
        Markdown.code(run.command()),
        Markdown.escape(results.setting().networkLabel()),
        Markdown.escape(results.setting().downscalerLabel()),
        results.seeds(),
        Markdown.escape(run.machine().processor()),
        run.machine().cores(),
        Markdown.escape(run.machine().device()),
        Markdown.escape(run.machine().java()),
        run.seconds() / 60);
  }

  /**
   * Returns a table for each data set for a terminal, with the most important columns.
   *
   * @throws IllegalStateException if a number is missing that should be there
   */
  public static String console(Results results) {
    StringBuilder text = new StringBuilder();
    for (DataFacts set : results.data()) {
      if (results.data().size() > 1) {
        text.append(Printable.line(set.name())).append(":\n");
      }
      text.append(Columns.of(results, set).text()).append('\n');
    }
    return text.toString();
  }
}
