package dev.thumbnet.train;

import dev.thumbnet.measure.Metrics;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far a training has come, apart from weights: which batch is next, sums over the epoch so far,
 * and what was found before. Goes to and from a checkpoint as text, exactly.
 */
final class Position {
  private static final String FIELD = "\t";
  private static final String LINE = "\n";

  /** Index of the current phase; their number when all is done. */
  int phase;

  /** Finished epochs of the current phase. */
  int epoch;

  /** Finished batches of the current epoch. */
  int step;

  /** Why training ended, or null as long as it has not. */
  Outcome outcome;

  /** Best Acc@1 of the current phase, and how many epochs ago it was. */
  double bestTop1 = -1;

  int epochsSinceBest;

  final List<EpochRecord> history = new ArrayList<>();

  // Sums over the current epoch.
  private double loss;
  private final Map<String, Double> losses = new LinkedHashMap<>();
  private long answered;
  private long correct;
  private double seconds;

  /** Adds a batch. */
  void addBatch(double total, Map<String, Double> parts) {
    step++;
    loss += total;
    parts.forEach((name, value) -> losses.merge(name, value, Double::sum));
  }

  /** Adds answers to a batch with labels. */
  void addAnswers(long right, long all) {
    correct += right;
    answered += all;
  }

  void addSeconds(double more) {
    seconds += more;
  }

  /** Closes the epoch. */
  EpochRecord endEpoch(String phaseName, Metrics validation) {
    Map<String, Double> means = new LinkedHashMap<>();
    losses.forEach((name, sum) -> means.put(name, sum / step));
    EpochRecord done =
        new EpochRecord(
            phaseName,
            history.size() + 1,
            loss / step,
            means,
            100.0 * correct / answered,
            validation == null ? Double.NaN : validation.loss(),
            validation == null ? Double.NaN : validation.top1(),
            validation == null ? Double.NaN : validation.top5(),
            seconds);
    history.add(done);
    epoch++;
    step = 0;
    loss = 0;
    losses.clear();
    answered = 0;
    correct = 0;
    seconds = 0;
    return done;
  }

  /** Goes on to the next phase. */
  void endPhase() {
    phase++;
    epoch = 0;
    bestTop1 = -1;
    epochsSinceBest = 0;
  }

  // ---------------------------------------------------------------- as text

  Map<String, String> toText() {
    Map<String, String> text = new LinkedHashMap<>();
    text.put("phase", Integer.toString(phase));
    text.put("epoch", Integer.toString(epoch));
    text.put("step", Integer.toString(step));
    text.put("outcome", outcome == null ? "" : outcome.name());
    text.put("bestTop1", Double.toString(bestTop1));
    text.put("epochsSinceBest", Integer.toString(epochsSinceBest));
    text.put("loss", Double.toString(loss));
    text.put("losses", print(losses));
    text.put("answered", Long.toString(answered));
    text.put("correct", Long.toString(correct));
    text.put("seconds", Double.toString(seconds));
    text.put("history", String.join(LINE, history.stream().map(Position::print).toList()));
    return text;
  }

  /**
   * Reads what {@link #toText} wrote.
   *
   * @throws RuntimeException of some kind if something is missing or no number
   */
  static Position of(Map<String, String> text) {
    Position p = new Position();
    p.phase = Integer.parseInt(text.get("phase"));
    p.epoch = Integer.parseInt(text.get("epoch"));
    p.step = Integer.parseInt(text.get("step"));
    p.outcome = text.get("outcome").isEmpty() ? null : Outcome.valueOf(text.get("outcome"));
    p.bestTop1 = Double.parseDouble(text.get("bestTop1"));
    p.epochsSinceBest = Integer.parseInt(text.get("epochsSinceBest"));
    p.loss = Double.parseDouble(text.get("loss"));
    p.losses.putAll(parse(text.get("losses")));
    p.answered = Long.parseLong(text.get("answered"));
    p.correct = Long.parseLong(text.get("correct"));
    p.seconds = Double.parseDouble(text.get("seconds"));
    for (String line : lines(text.get("history"))) {
      p.history.add(parseEpoch(line));
    }
    return p;
  }

  private static List<String> lines(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(LINE));
  }

  private static String print(EpochRecord e) {
    return String.join(
        FIELD,
        e.phase(),
        Integer.toString(e.epoch()),
        Double.toString(e.loss()),
        print(e.losses()),
        Double.toString(e.trainTop1()),
        Double.toString(e.validationLoss()),
        Double.toString(e.top1()),
        Double.toString(e.top5()),
        Double.toString(e.seconds()));
  }

  private static EpochRecord parseEpoch(String line) {
    String[] f = line.split(FIELD, -1);
    return new EpochRecord(
        f[0],
        Integer.parseInt(f[1]),
        Double.parseDouble(f[2]),
        parse(f[3]),
        Double.parseDouble(f[4]),
        Double.parseDouble(f[5]),
        Double.parseDouble(f[6]),
        Double.parseDouble(f[7]),
        Double.parseDouble(f[8]));
  }

  private static String print(Map<String, Double> values) {
    return String.join(
        ";", values.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  }

  private static Map<String, Double> parse(String text) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (String pair : text.isEmpty() ? new String[0] : text.split(";")) {
      String[] parts = pair.split("=");
      values.put(parts[0], Double.parseDouble(parts[1]));
    }
    return values;
  }
}
