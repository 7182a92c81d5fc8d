package dev.thumbnet.experiment;

import static dev.thumbnet.experiment.Html.format;
import static dev.thumbnet.experiment.Html.one;
import static dev.thumbnet.experiment.Html.square;

import dev.thumbnet.experiment.Results.Row;
import dev.thumbnet.experiment.Results.SeedRun;
import dev.thumbnet.measure.Timing;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/** What the rows of a table say when they are compared; also where learned thumbnails lose. */
final class Findings {
  private final Results results;

  Findings(Results results) {
    this.results = results;
  }

  static Summary acc1(Row row) {
    return Summary.of(row.runs(), SeedRun::acc1);
  }

  Optional<Timing> timing(Row row) {
    return results.timing(Results.pipeline(Method.of(row.method()), row.reduction()));
  }

  /** Time of the teacher over time of the row. */
  Optional<Double> speedUp(Row row) {
    return results
        .timing(Results.pipeline(Method.ORIGINAL, null))
        .flatMap(full -> timing(row).map(own -> full.medianMs() / own.medianMs()));
  }

  /** Multiply-adds of the teacher over those of the row. */
  static double ratioOfMacs(Row row, Row original) {
    return (double) original.cost().macs() / row.cost().macs();
  }

  /** ThumbNet at a ratio against the teacher and against the best row with bicubic thumbnails. */
  String atRatio(Row thumbnet, Row original) {
    StringBuilder text = new StringBuilder();
    text.append(
        format(
            "<b>%d:1.</b> From %s pixels ThumbNet names the right class for %s %% of the pictures;"
                + " the teacher, from %s pixels, for %s %%. It needs %s times fewer multiply-adds",
            thumbnet.ratio(),
            square(thumbnet.inputSize()),
            acc1(thumbnet),
            square(original.inputSize()),
            acc1(original),
            one(ratioOfMacs(thumbnet, original))));
    speedUp(thumbnet)
        .ifPresent(s -> text.append(format(" and is %s times as fast as measured", one(s))));
    text.append(", the downscaler included.");
    results.rows().stream()
        .filter(r -> r.ratio() == thumbnet.ratio())
        .filter(r -> Method.of(r.method()).thumbnail() == Method.Thumbnail.BICUBIC)
        .max(Comparator.comparingDouble(r -> acc1(r).mean()))
        .ifPresent(best -> text.append(comparison(thumbnet, best)));
    text.append(
        format(
            " Stored as pictures of 8 bits for a colour, its thumbnails give %s %%.",
            Summary.of(thumbnet.runs(), SeedRun::eightBitAcc1)));
    return text.toString();
  }

  private String comparison(Row thumbnet, Row bicubic) {
    double gain = acc1(thumbnet).mean() - acc1(bicubic).mean();
    String verdict;
    if (Math.abs(gain) < noise(acc1(bicubic).mean())) {
      verdict = "so close that it may be chance";
    } else {
      verdict = gain > 0 ? "so the learned thumbnail pays off" : "so here it is the better choice";
    }
    return format(
        " The best row with bicubic thumbnails, %s, reaches %s %%, %s.",
        Method.of(bicubic.method()).name(), acc1(bicubic), verdict);
  }

  /** The largest {@link #noise(double)} among the teacher's and ThumbNet's accuracies. */
  double noise() {
    return results.rows().stream()
        .filter(r -> Set.of(Method.ORIGINAL, Method.THUMBNET).contains(Method.of(r.method())))
        .mapToDouble(r -> noise(acc1(r).mean()))
        .max()
        .orElseThrow();
  }

  /** Two standard errors of the difference of two accuracies measured on independent pictures. */
  private double noise(double percent) {
    double p = Math.clamp(percent / 100, 0.01, 0.99);
    return 100 * 2 * Math.sqrt(2 * p * (1 - p) / results.data().valPictures());
  }
}
