package dev.thumbnet.experiment;

import dev.thumbnet.experiment.report.Comparisons;
import dev.thumbnet.experiment.report.Finding;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.Need;
import dev.thumbnet.method.RateChoice;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.lowrank.LowRankMethod;
import dev.thumbnet.method.pruning.PruningMethod;
import dev.thumbnet.method.slimmable.NarrowMethod;
import dev.thumbnet.method.slimmable.SlimmableMethod;
import dev.thumbnet.method.teacher.TeacherMethod;
import dev.thumbnet.method.thumbnet.StudentMethod;
import dev.thumbnet.method.wavelet.WaveletMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * ThumbNet and other ways to a cheaper network at equal time: the paper compares multiply-adds,
 * which are not what users wait for. All of them choose their learning rate in the same way.
 */
final class RivalsStudy implements Study {
  private static final Method SUBJECT = StudentMethod.THUMBNET;

  /** In the order of the table; all of them are in {@link Methods#ALL}, too. */
  private static final List<Method> RIVALS =
      List.of(
          StudentMethod.BICUBIC,
          StudentMethod.BICUBIC_DISTILL,
          StudentMethod.SUPERVISED_DISTILL,
          PruningMethod.THINET,
          PruningMethod.L1,
          PruningMethod.RANDOM,
          PruningMethod.SCRATCH,
          LowRankMethod.SVD,
          LowRankMethod.SPATIAL,
          LowRankMethod.TUCKER,
          NarrowMethod.NARROW,
          SlimmableMethod.SLIMMABLE,
          SlimmableMethod.US_NET,
          WaveletMethod.LWAE);

  private static final Method TRIAL_TEACHER = TeacherMethod.FOR_TRIALS;

  private final List<Method> rivals;

  /** Compares ThumbNet with all rivals. */
  RivalsStudy() {
    this(RIVALS);
  }

  /** Compares ThumbNet with some methods. */
  RivalsStudy(List<Method> rivals) {
    this.rivals = List.copyOf(rivals);
  }

  @Override
  public String key() {
    return "rivals";
  }

  @Override
  public String name() {
    return "ThumbNet and its rivals at equal time";
  }

  @Override
  public String introduction() {
    return "A network gets cheaper by smaller pictures, and also by fewer channels or simpler"
        + " layers on full pictures. Which of these ways is the most accurate in the same"
        + " time? Each method has a row for each ratio at which it was run, and stands"
        + " beside the row of ThumbNet that takes the most similar time.";
  }

  @Override
  public String conditions() {
    return "Every method sees the same pictures for the same number of epochs and gets its peak"
        + " learning rate in the same way: a fifth of the training pictures is held out;"
        + " with each of the peaks 0.1, 0.01 and 0.001 for batches of 256, in proportion for"
        + " others, the method is run on the rest for a quarter of its epochs (US-Net always"
        + " takes a quarter of the peak, for four networks move the same weights), taught by"
        + " a teacher that has not seen the pictures held out; and with the peak that is"
        + " best on these it is run on all training pictures. The validation pictures, by"
        + " which rows are judged, play no part in that, and times of training do not count"
        + " the trials. Times of networks are measured, by turns, for all rows.";
  }

  @Override
  public Method reference() {
    return TeacherMethod.ORIGINAL;
  }

  @Override
  public Method subject() {
    return SUBJECT;
  }

  private List<String> keys() {
    return rivals.stream().map(Method::key).toList();
  }

  @Override
  public List<Entry> entries(Setting setting) {
    List<Entry> entries = new ArrayList<>(Entry.all(TRIAL_TEACHER, setting));
    Need trialTeacher =
        new Need(TRIAL_TEACHER.key(), TRIAL_TEACHER.points(setting).getFirst().key());
    Stream.concat(Stream.of(SUBJECT), rivals.stream())
        .forEach(
            method -> {
              for (Training training : RateChoice.all(method, setting, trialTeacher)) {
                entries.add(new Entry(method, training, List.of(trialTeacher)));
              }
            });
    return entries;
  }

  @Override
  public boolean inGallery(Row row) {
    return row.method().equals(SUBJECT.key());
  }

  @Override
  public List<Finding> findings(Results results, List<Comparison> pairs) {
    return new Comparisons(results).ofRivals(keys(), pairs);
  }

  @Override
  public List<Comparison> comparisons(Results results) {
    return new Comparisons(results).atNearestCost(keys());
  }
}
