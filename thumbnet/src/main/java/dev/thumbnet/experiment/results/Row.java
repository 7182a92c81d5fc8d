package dev.thumbnet.experiment.results;

import dev.thumbnet.measure.RightAnswers;
import dev.thumbnet.measure.Timing;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.PlainValues;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * One row of the table: a method at an operating point, on a data set. What it needs to be shown is
 * in it; nothing is taken from another row.
 *
 * @param data name of the data set
 * @param method key of the method
 * @param name of the method
 * @param point where the method was run
 * @param thumbnails whether its network takes thumbnails that are made of the full picture
 * @param runs one for each seed
 */
public record Row(
    String data,
    String method,
    String name,
    OperatingPoint point,
    boolean thumbnails,
    List<Run> runs) {
  /** Copies the list. */
  public Row {
    runs = List.copyOf(runs);
  }

  /**
   * One row with one seed.
   *
   * @param seed decides initialisation, order and augmentation
   * @param acc1 share of pictures whose class was the network's first guess
   * @param acc5 share of pictures whose class was among the first five guesses
   * @param eightBitAcc1 {@code acc1} when thumbnails are first stored as 8-bit pictures; {@code
   *     acc1} itself if there are none
   * @param eightBitAgreement share of pictures with the same first guess from either thumbnail
   * @param compiled what the compiled network answered; none in files of before it was asked
   * @param trainingSeconds time spent on training, over all sessions if there were interruptions; 0
   *     if there was none
   * @param cost what one picture costs
   * @param timing how long one picture takes; none before it is measured
   * @param model file of the trained model within the output folder; empty if there is none
   * @param right which validation pictures the network's first guess was right about; none in files
   *     of before they were kept
   * @param notes what the training found out or chose on its way, such as its learning rate: texts,
   *     numbers and truth values by names that files keep
   * @param measured what the study found out besides, by names that files keep; usually nothing
   * @param curve one point for each epoch; empty if nothing was trained
   */
  public record Run(
      long seed,
      double acc1,
      double acc5,
      double eightBitAcc1,
      double eightBitAgreement,
      Optional<Compiled> compiled,
      double trainingSeconds,
      Cost cost,
      Optional<Timing> timing,
      String model,
      Optional<RightAnswers> right,
      Map<String, Object> notes,
      Map<String, Double> measured,
      List<CurvePoint> curve) {
    /**
     * Copies list and maps.
     *
     * @throws IllegalArgumentException if a note is no text, number or truth value
     */
    public Run {
      Objects.requireNonNull(cost, "the cost of a row");
      Objects.requireNonNull(timing, "the timing of a row");
      notes = PlainValues.copy(notes);
      measured = Collections.unmodifiableMap(new LinkedHashMap<>(measured));
      curve = List.copyOf(curve);
    }

    /** The same with its time. */
    public Run with(Timing time) {
      return new Run(
          seed,
          acc1,
          acc5,
          eightBitAcc1,
          eightBitAgreement,
          compiled,
          trainingSeconds,
          cost,
          Optional.of(time),
          model,
          right,
          notes,
          measured,
          curve);
    }

    /**
     * Returns a number that the study measured.
     *
     * @throws IllegalStateException if there is none of this name
     */
    public double measured(String number) {
      Double value = measured.get(number);
      if (value == null) {
        throw new IllegalStateException("the run with seed " + seed + " has no " + number);
      }
      return value;
    }
  }

  /**
   * What the compiled network answered, as applications use it, one picture at a time with weights
   * as they are.
   *
   * @param acc1 share of pictures whose class was its first guess
   * @param agreement share of pictures with the same first guess as that of the network itself
   */
  public record Compiled(double acc1, double agreement) {}

  /**
   * What one picture costs, the downscaler included.
   *
   * @param macs multiply-adds of the network and its downscaler
   * @param downscalerMacs the part of the downscaler, 0 if there is none or nothing in it is learnt
   * @param parameters numbers that were learned, of the network and its downscaler
   * @param downscalerParameters the part of the downscaler
   */
  public record Cost(long macs, long downscalerMacs, long parameters, long downscalerParameters) {}

  /**
   * What tells a row from all others.
   *
   * @param data name of the data set
   * @param method key of the method
   * @param point key of the operating point
   */
  public record Place(String data, String method, String point) {}

  /** Returns what tells this row from all others. */
  public Place place() {
    return new Place(data, method, point.key());
  }

  /** Returns the name of the method and where it was run. */
  public String title() {
    return title(name, point);
  }

  /** Returns the title of a row of a method at a point. */
  public static String title(String name, OperatingPoint point) {
    return point.label().isEmpty() ? name : name + " " + point.label();
  }

  /** Summarises a number over the seeds. */
  public Summary over(ToDoubleFunction<Run> value) {
    return Summary.of(runs, value);
  }

  /** Summarises the accuracy. */
  public Summary acc1() {
    return over(Run::acc1);
  }

  /** Returns the mean of the multiply-adds; they differ between seeds only if pruning does. */
  public double macs() {
    return over(run -> run.cost().macs()).mean();
  }

  /**
   * Returns the mean of the measured times, in milliseconds.
   *
   * @throws IllegalStateException if one is missing
   */
  public double milliseconds() {
    return over(run ->
            run.timing()
                .orElseThrow(
                    () ->
                        new IllegalStateException(
                            title()
                                + " on "
                                + data
                                + ", seed "
                                + run.seed()
                                + ": its time was not measured"))
                .medianMs())
        .mean();
  }

  /** Returns the values of a note, without repetitions; none if no run has it. */
  public List<Object> notes(String note) {
    return runs.stream()
        .flatMap(run -> Optional.ofNullable(run.notes().get(note)).stream())
        .distinct()
        .toList();
  }

  /** The same with other runs: those of before, now with their times. */
  public Row withRuns(List<Run> other) {
    return new Row(data, method, name, point, thumbnails, other);
  }

  /** Returns the run with a seed, if it has been done. */
  public Optional<Run> run(long seed) {
    return runs.stream().filter(run -> run.seed() == seed).findFirst();
  }

  /** The same by another name of the method. */
  Row withName(String other) {
    return new Row(data, method, other, point, thumbnails, runs);
  }

  /**
   * The same with the runs of another row, which must be the same but for seeds and words; they
   * take the place of those with their seeds.
   *
   * @throws IllegalArgumentException if it was run with other settings
   */
  Row plus(Row other) {
    checkRunsAs(other.point);
    List<Run> all = new ArrayList<>(runs);
    for (Run added : other.runs) {
      Optional<Run> old = run(added.seed());
      if (old.isPresent()) {
        all.set(runs.indexOf(old.get()), added);
      } else {
        all.add(added);
      }
    }
    return withRuns(all);
  }

  /**
   * Checks that the row was run as an operating point says.
   *
   * @throws IllegalArgumentException if not; the message names the settings that differ
   */
  public void checkRunsAs(OperatingPoint wanted) {
    if (!point.runsAs(wanted)) {
      throw new IllegalArgumentException(
          title()
              + " on "
              + data
              + " was run with other settings before: "
              + difference(point, wanted)
              + "; use another folder, or the version of the program that began this one");
    }
  }

  private static String difference(OperatingPoint old, OperatingPoint wanted) {
    Set<String> names = new LinkedHashSet<>(old.settings().keySet());
    names.addAll(wanted.settings().keySet());
    List<String> differences = new ArrayList<>();
    if (old.inputSize() != wanted.inputSize()) {
      differences.add("input size " + old.inputSize() + ", now " + wanted.inputSize());
    }
    for (String name : names) {
      Object before = old.settings().get(name);
      Object now = wanted.settings().get(name);
      if (!Objects.equals(before, now)) {
        differences.add(
            name
                + " "
                + (before == null ? "not set" : before)
                + ", now "
                + (now == null ? "not set" : now));
      }
    }
    return String.join("; ", differences);
  }
}
