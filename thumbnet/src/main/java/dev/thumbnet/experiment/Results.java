package dev.thumbnet.experiment;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thumbnet.experiment.NamesInResults.ReadRatio;
import dev.thumbnet.experiment.NamesInResults.WriteRatio;
import dev.thumbnet.measure.Machine;
import dev.thumbnet.measure.Metrics;
import dev.thumbnet.measure.Timing;
import dev.thumbnet.method.thumbnet.StudentOptions;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.train.EpochRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * Every number one experiment found out, and what is needed to find it out again. A value: adding a
 * row gives a new object. All accuracies and shares are in percent. This record is the layout of
 * {@code results.json}; see {@link ResultsFile}.
 *
 * @param format version of the layout of the file
 * @param origin which program ran when, how and where
 * @param settings what the user chose
 * @param data the pictures, and what they give away without a network
 * @param rows the table, in its order
 * @param timings how long one picture takes, measured in one go at the end; empty until then
 * @param paperCosts what the networks cost at the paper's size; empty until the end
 * @param gallery pictures beside their thumbnails; empty until the end
 */
public record Results(
    int format,
    Origin origin,
    Settings settings,
    DataFacts data,
    List<Row> rows,
    List<Timing> timings,
    List<PaperCost> paperCosts,
    List<GalleryEntry> gallery) {

  /** The current version of the layout. */
  public static final int FORMAT = 1;

  /** Copies the lists. */
  public Results {
    rows = List.copyOf(rows);
    timings = List.copyOf(timings);
    paperCosts = List.copyOf(paperCosts);
    gallery = List.copyOf(gallery);
  }

  /**
   * Which program ran when, how and where.
   *
   * @param version of the program
   * @param command what was typed
   * @param started moment of the first start, ISO 8601
   * @param seconds time at work, over all sessions if there were interruptions
   * @param sessions 1, and 1 more for each time the run was resumed
   * @param finished whether all that was asked for is in here
   * @param machine where it ran
   */
  public record Origin(
      String version,
      String command,
      String started,
      double seconds,
      int sessions,
      boolean finished,
      Machine machine) {}

  /**
   * The pictures, and what they give away without a network.
   *
   * @param name a folder or "synthetic pictures"
   * @param note what a reader should know about them; may be empty
   * @param fingerprint what identifies the pictures, wherever they are stored
   * @param classes names of the classes
   * @param trainPictures number of pictures to learn from
   * @param valPictures number of pictures that decide accuracies
   * @param chance accuracy of guessing
   * @param majority accuracy of always naming the most frequent class of the training set
   * @param nearestNeighbours accuracy of 5 nearest neighbours on pictures shrunk to 8x8 pixels
   */
  public record DataFacts(
      String name,
      String note,
      String fingerprint,
      List<String> classes,
      int trainPictures,
      int valPictures,
      double chance,
      double majority,
      double nearestNeighbours) {
    /** Copies the list. */
    public DataFacts {
      classes = List.copyOf(classes);
    }
  }

  /**
   * One row of the table: a method at a ratio.
   *
   * @param method its key, see {@link Method#key}
   * @param reduction from the picture to the network's input; null for the full size
   * @param inputSize side of the network's input in pixels
   * @param student how the student was trained: its losses and their weights; null if there is none
   * @param cost what one picture costs
   * @param runs one for each seed
   */
  public record Row(
      String method,
      @JsonProperty("ratio")
          @JsonSerialize(using = WriteRatio.class, nullsUsing = WriteRatio.class)
          @JsonDeserialize(using = ReadRatio.class)
          Reduction reduction,
      int inputSize,
      StudentOptions student,
      Cost cost,
      List<SeedRun> runs) {
    /** Copies the list. */
    public Row {
      runs = List.copyOf(runs);
    }

    /** Returns the ratio of the areas of picture and network input; 1 for the full size. */
    public int ratio() {
      return reduction == null ? 1 : reduction.area();
    }
  }

  /**
   * What one picture costs, the downscaler included.
   *
   * @param macs multiply-adds of the network and its downscaler
   * @param downscalerMacs the part of the learned downscaler, 0 if there is none
   * @param parameters numbers that were learned, of the network and its downscaler
   * @param downscalerParameters the part of the learned downscaler
   */
  public record Cost(long macs, long downscalerMacs, long parameters, long downscalerParameters) {}

  /**
   * One row with one seed.
   *
   * @param seed decides initialisation, order and augmentation
   * @param acc1 share of pictures whose class was the network's first guess
   * @param acc5 share of pictures whose class was among the first five guesses
   * @param eightBitAcc1 {@code acc1} when thumbnails are first stored as 8-bit pictures
   * @param eightBitAgreement share of pictures with the same first guess from either thumbnail
   * @param trainingSeconds time spent on training, over all sessions if there were interruptions; 0
   *     if there was none
   * @param model file of the trained model within the output folder; empty if there is none
   * @param curve one point for each epoch; empty if nothing was trained
   */
  public record SeedRun(
      long seed,
      double acc1,
      double acc5,
      double eightBitAcc1,
      double eightBitAgreement,
      double trainingSeconds,
      String model,
      List<CurvePoint> curve) {
    /** Copies the list. */
    public SeedRun {
      curve = List.copyOf(curve);
    }
  }

  /**
   * One epoch of a training.
   *
   * @param phase name of the phase of the training
   * @param epoch number, from 1, counted over all phases
   * @param loss what was minimised, mean over the epoch
   * @param losses its parts before weighting
   * @param trainAcc1 accuracy on the training batches as they were seen; null without labels
   * @param valAcc1 accuracy on the validation set after the epoch; null if not measured
   */
  public record CurvePoint(
      String phase,
      int epoch,
      double loss,
      Map<String, Double> losses,
      Double trainAcc1,
      Double valAcc1) {
    /** The same for an epoch as the trainer reports it. */
    static CurvePoint of(EpochRecord epoch) {
      return new CurvePoint(
          epoch.phase(),
          epoch.epoch(),
          epoch.loss(),
          epoch.losses(),
          known(epoch.trainingScore()),
          known(epoch.score().value(Metrics.ACC_1)));
    }

    private static Double known(double value) {
      return Double.isNaN(value) ? null : value;
    }
  }

  /**
   * What a network of the paper's size costs, see {@link PaperCosts}.
   *
   * @param inputSize side of the network's input in pixels
   * @param macs multiply-adds of the network and its downscaler
   * @param downscalerMacs the part of the downscaler
   * @param timing measured in turns with the others of its kind
   */
  public record PaperCost(int inputSize, long macs, long downscalerMacs, Timing timing) {}

  /**
   * A picture and its thumbnails, files within the output folder.
   *
   * @param label what the picture shows
   * @param picture the picture as the teacher sees it
   * @param thumbnails smaller versions
   */
  public record GalleryEntry(String label, String picture, List<Thumbnail> thumbnails) {
    /** Copies the list. */
    public GalleryEntry {
      thumbnails = List.copyOf(thumbnails);
    }
  }

  /**
   * A thumbnail in the gallery.
   *
   * @param method key of the method that made it
   * @param reduction from the picture to the thumbnail
   * @param file within the output folder
   */
  public record Thumbnail(
      String method,
      @JsonProperty("ratio")
          @JsonSerialize(using = WriteRatio.class)
          @JsonDeserialize(using = ReadRatio.class)
          Reduction reduction,
      String file) {}

  /** The rows of a method that took the same path share a timing; this names the path of a row. */
  public static String pipeline(Method method, Reduction reduction) {
    return switch (method.thumbnail()) {
      case NONE -> "full";
      case BICUBIC -> "bicubic-" + reduction.area();
      case LEARNED -> "learned-" + reduction.area();
    };
  }

  /** The row of a method at a reduction, null for the full size, if it has been run. */
  public Optional<Row> row(String method, Reduction reduction) {
    return rows.stream()
        .filter(r -> r.method().equals(method) && r.reduction() == reduction)
        .findFirst();
  }

  /** The run of a row with a seed, if it has been done. */
  public Optional<SeedRun> run(String method, Reduction reduction, long seed) {
    return row(method, reduction).stream()
        .flatMap(r -> r.runs().stream())
        .filter(r -> r.seed() == seed)
        .findFirst();
  }

  /** The timing of a pipeline, if it has been measured. */
  public Optional<Timing> timing(String pipeline) {
    return timings.stream().filter(t -> t.pipeline().equals(pipeline)).findFirst();
  }

  /** The same with one more run, in the row it belongs to or in a new last row. */
  public Results plus(
      String method,
      Reduction reduction,
      int inputSize,
      StudentOptions student,
      Cost cost,
      SeedRun run) {
    List<Row> more = new ArrayList<>(rows);
    Optional<Row> old = row(method, reduction);
    if (old.isPresent()) {
      List<SeedRun> runs = new ArrayList<>(old.get().runs());
      runs.add(run);
      more.set(rows.indexOf(old.get()), new Row(method, reduction, inputSize, student, cost, runs));
    } else {
      more.add(new Row(method, reduction, inputSize, student, cost, List.of(run)));
    }
    return new Results(format, origin, settings, data, more, timings, paperCosts, gallery);
  }

  /** The same with another origin. */
  public Results with(Origin other) {
    return new Results(format, other, settings, data, rows, timings, paperCosts, gallery);
  }

  /** The same with what is found at the end. */
  public Results with(List<Timing> measured, List<PaperCost> costs, List<GalleryEntry> pictures) {
    return new Results(format, origin, settings, data, rows, measured, costs, pictures);
  }
}
