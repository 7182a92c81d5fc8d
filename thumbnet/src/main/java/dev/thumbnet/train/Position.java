package dev.thumbnet.train;

import dev.thumbnet.measure.Metrics;
import dev.thumbnet.measure.Score;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a training has come, apart from weights: which batch is next, sums over the epoch so far,
 * and what was found before. Goes to and from a checkpoint as text, exactly.
 *
 * <p>The first version knew classifiers only, and what it wrote stays as it is: scores are called
 * top1, those of training pictures are kept as counts of right answers, and an epoch has fields for
 * cross entropy, Acc@1 and Acc@5. Scores that do not fit in there are written beside.
 */
final class Position {
  private static final String FIELD = "\t";
  private static final String LINE = "\n";

  /** Fields of an epoch of the first version. */
  private static final int FIELDS = 9;

  /** So much of a wrong value is shown. */
  private static final int SHOWN = 40;

  /** The score of a right answer. */
  private static final double RIGHT = 100;

  /** What is written for a phase that has no score yet; the first version wrote -1. */
  private static final String NO_SCORE = "";

  /** Index of the current phase; their number when all is done. */
  int phase;

  /** Finished epochs of the current phase. */
  int epoch;

  /** Finished batches of the current epoch. */
  int step;

  /** Why training ended, if it has. */
  @Nullable Outcome outcome;

  /** Best score of the current phase, and how many epochs ago it was. */
  double bestScore = Double.NEGATIVE_INFINITY;

  int epochsSinceBest;

  final List<EpochRecord> history = new ArrayList<>();

  // Sums over the current epoch.
  private double loss;
  private final Map<String, Double> losses = new LinkedHashMap<>();
  private long scored;
  private double scores;
  private double seconds;

  /** Adds a batch. */
  void addBatch(double total, Map<String, Double> parts) {
    step++;
    loss += total;
    parts.forEach((name, value) -> losses.merge(name, value, Double::sum));
  }

  /** Adds the sum of the scores of some pictures. */
  void addScores(double sum, int pictures) {
    scores += sum;
    scored += pictures;
  }

  void addSeconds(double more) {
    seconds += more;
  }

  /** Closes the epoch. */
  EpochRecord endEpoch(String phaseName, Score score) {
    Map<String, Double> means = new LinkedHashMap<>();
    losses.forEach((name, sum) -> means.put(name, sum / step));
    EpochRecord done =
        new EpochRecord(
            phaseName, history.size() + 1, loss / step, means, scores / scored, score, seconds);
    history.add(done);
    epoch++;
    step = 0;
    loss = 0;
    losses.clear();
    scored = 0;
    scores = 0;
    seconds = 0;
    return done;
  }

  /** Goes on to the next phase. */
  void endPhase() {
    phase++;
    epoch = 0;
    bestScore = Double.NEGATIVE_INFINITY;
    epochsSinceBest = 0;
  }

  /** Tells whether the current phase has a best score. */
  boolean hasBest() {
    return epoch > 0 && bestScore > Double.NEGATIVE_INFINITY;
  }

  double loss() {
    return loss;
  }

  Map<String, Double> losses() {
    return losses;
  }

  long scored() {
    return scored;
  }

  double scores() {
    return scores;
  }

  double seconds() {
    return seconds;
  }

  // ---------------------------------------------------------------- as text

  Map<String, String> toText() {
    Map<String, String> text = new LinkedHashMap<>();
    text.put("phase", Integer.toString(phase));
    text.put("epoch", Integer.toString(epoch));
    text.put("step", Integer.toString(step));
    text.put("outcome", outcome == null ? "" : outcome.key());
    text.put("bestTop1", Double.isInfinite(bestScore) ? NO_SCORE : Double.toString(bestScore));
    text.put("epochsSinceBest", Integer.toString(epochsSinceBest));
    text.put("loss", Double.toString(loss));
    text.put("losses", print(losses));
    long right = (long) (scores / RIGHT);
    text.put("answered", Long.toString(scored));
    text.put("correct", Long.toString(right));
    if (right * RIGHT != scores || right < 0 || right > scored) {
      text.put("scores", Double.toString(scores));
    }
    text.put("seconds", Double.toString(seconds));
    text.put("history", String.join(LINE, history.stream().map(Position::print).toList()));
    return text;
  }

  /**
   * Reads what {@link #toText} wrote. Whether it fits a training is for {@link PositionCheck}.
   *
   * @throws IllegalArgumentException if something is missing or no number; the message names it
   */
  static Position of(Map<String, String> text) {
    Position p = new Position();
    p.phase = whole(text, "phase");
    p.epoch = whole(text, "epoch");
    p.step = whole(text, "step");
    String outcome = field(text, "outcome");
    p.outcome = outcome.isEmpty() ? null : Outcome.ofKey(outcome);
    if (!field(text, "bestTop1").equals(NO_SCORE)) {
      double best = number(text, "bestTop1");
      p.bestScore = p.epoch > 0 ? best : p.bestScore;
    }
    p.epochsSinceBest = whole(text, "epochsSinceBest");
    p.loss = number(text, "loss");
    p.losses.putAll(parse("losses", field(text, "losses")));
    p.scored = whole(text, "answered");
    int right = whole(text, "correct");
    boolean counted = !text.containsKey("scores");
    if (counted && (right < 0 || right > p.scored)) {
      throw new IllegalArgumentException("correct cannot be " + right);
    }
    p.scores = counted ? RIGHT * right : number(text, "scores");
    p.seconds = number(text, "seconds");
    for (String line : lines(field(text, "history"))) {
      p.history.add(parseEpoch(p.history.size() + 1, line));
    }
    return p;
  }

  private static String field(Map<String, String> text, String name) {
    String value = text.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  private static int whole(Map<String, String> text, String name) {
    return whole(name, field(text, name));
  }

  private static int whole(String name, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw noNumber(name, value, e);
    }
  }

  private static double number(Map<String, String> text, String name) {
    return number(name, field(text, name));
  }

  private static double number(String name, String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw noNumber(name, value, e);
    }
  }

  private static IllegalArgumentException noNumber(
      String name, String value, NumberFormatException e) {
    String shown = value.length() > SHOWN ? value.substring(0, SHOWN) + "..." : value;
    return new IllegalArgumentException(name + " cannot be \"" + shown + '"', e);
  }

  private static List<String> lines(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(LINE));
  }

  private static String print(EpochRecord e) {
    Score score = e.score();
    boolean ofClasses =
        score.equals(
            Metrics.score(score.value(Metrics.LOSS), score.value(), score.value(Metrics.ACC_5)));
    String first =
        String.join(
            FIELD,
            e.phase(),
            Integer.toString(e.epoch()),
            Double.toString(e.loss()),
            print(e.losses()),
            Double.toString(e.trainingScore()),
            Double.toString(score.value(Metrics.LOSS)),
            Double.toString(score.value(Metrics.ACC_1)),
            Double.toString(score.value(Metrics.ACC_5)),
            Double.toString(e.seconds()));
    return score.equals(Score.NONE) || ofClasses ? first : first + FIELD + print(score);
  }

  private static EpochRecord parseEpoch(int number, String line) {
    String[] f = line.split(FIELD, -1);
    String name = "epoch " + number + " of the history";
    if (f.length < FIELDS || f.length > FIELDS + 1) {
      throw new IllegalArgumentException(name + " cannot have " + f.length + " fields");
    }
    return new EpochRecord(
        f[0],
        whole(name, f[1]),
        number(name, f[2]),
        parse(name, f[3]),
        number(name, f[4]),
        parseScore(name, f),
        number(name, f[8]));
  }

  private static Score parseScore(String name, String[] fields) {
    double loss = number(name, fields[5]);
    double top1 = number(name, fields[6]);
    double top5 = number(name, fields[7]);
    if (fields.length > FIELDS) {
      Map<String, Double> all = parse(name, fields[FIELDS]);
      if (all.isEmpty()) {
        throw new IllegalArgumentException(name + " has no score");
      }
      Map.Entry<String, Double> first = all.entrySet().iterator().next();
      Map<String, Double> others = new LinkedHashMap<>(all);
      others.remove(first.getKey());
      return new Score(first.getKey(), first.getValue(), others);
    }
    return Double.isNaN(top1) ? Score.NONE : Metrics.score(loss, top1, top5);
  }

  /** The score first, even if it is NaN, then the others. */
  private static String print(Score score) {
    Map<String, Double> all = new LinkedHashMap<>();
    all.put(score.name(), score.value());
    all.putAll(score.others());
    return print(all);
  }

  private static String print(Map<String, Double> values) {
    return String.join(
        ";", values.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  }

  private static Map<String, Double> parse(String name, String text) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (String pair : text.isEmpty() ? new String[0] : text.split(";", -1)) {
      int end = pair.indexOf('=');
      if (end < 0) {
        throw new IllegalArgumentException(name + " cannot have the part \"" + pair + '"');
      }
      values.put(pair.substring(0, end), number(name, pair.substring(end + 1)));
    }
    return values;
  }
}
