package dev.thumbnet.method.lowrank;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Parameter;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.nn.State;
import dev.thumbnet.method.GuidedTraining;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Factors;
import dev.thumbnet.model.Models;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.RunOptions;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Low rank: each convolution of the teacher that is larger than 1x1 becomes a product of two or
 * three smaller ones, and all learn together by {@link GuidedTraining}. One share of energy holds
 * for all convolutions; it is the largest with which the network has as few multiply-adds as its
 * {@link OperatingPoint} says. The ranks that come of it stand in the network's setting {@code
 * factors}.
 */
public final class LowRankMethod implements Method {
  /** k x k to few channels, then 1x1 (Zhang et al. 2015, without their nonlinear part). */
  public static final LowRankMethod SVD =
      new LowRankMethod(
          "svd",
          "Low rank, SVD",
          new Factors.Svd(1),
          MatrixDecomposition::svd,
          "Each convolution is replaced by two: one of the same size with few results, and one of"
              + " 1 × 1 that combines them. They start as close to the teacher's as so few"
              + " multiply-adds allow, and learn from labels and from the teacher's answers. The"
              + " network sees the full picture.");

  /** k x 1 to few channels, then 1 x k (Jaderberg et al. 2014). */
  public static final LowRankMethod SPATIAL =
      new LowRankMethod(
          "spatial",
          "Low rank, spatial",
          new Factors.Spatial(1),
          MatrixDecomposition::spatial,
          "As Low rank, SVD, but the first of two convolutions is one pixel wide, and the second"
              + " one pixel high.");

  /** 1x1 to few channels, k x k between few, 1x1 to all (Kim et al. 2016). */
  public static final LowRankMethod TUCKER =
      new LowRankMethod(
          "tucker",
          "Low rank, Tucker",
          new Factors.Tucker(1, 1),
          TuckerDecomposition::of,
          "As Low rank, SVD, but with three convolutions: one of 1 × 1 that keeps few channels, one"
              + " of the same size as before between few channels, and one of 1 × 1 that gives all"
              + " of them again.");

  /** How many times fewer multiply-adds are offered, where they can be reached. */
  private static final List<Double> TIMES = List.of(2.0, 3.5, 12.0);

  private final String kind;
  private final String name;
  private final Factors least;
  private final Function<Conv2d, Decomposition> decompose;
  private final String explanation;

  private LowRankMethod(
      String kind,
      String name,
      Factors least,
      Function<Conv2d, Decomposition> decompose,
      String explanation) {
    this.kind = kind;
    this.name = name;
    this.least = least;
    this.decompose = decompose;
    this.explanation = explanation;
  }

  @Override
  public String key() {
    return "lowrank-" + kind;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String explanation() {
    return explanation;
  }

  @Override
  public boolean trainsStudent() {
    return true;
  }

  /** Returns those whose costs ranks of 1 do not exceed. */
  @Override
  public List<Training> trainings(Setting setting) {
    Places places = Places.of(setting.network(), setting.size());
    return TIMES.stream()
        .filter(times -> places.canKeepTo(places.budget(times), least))
        .<Training>map(times -> new Factored(this, setting, times))
        .toList();
  }

  private record Factored(LowRankMethod method, Setting setting, double times) implements Training {
    @Override
    public List<OperatingPoint> points() {
      String key = BigDecimal.valueOf(times).stripTrailingZeros().toPlainString() + "x";
      Map<String, Object> settings = new LinkedHashMap<>(what());
      settings.putAll(GuidedTraining.settings());
      return List.of(new OperatingPoint(key, key, setting.size(), settings));
    }

    private Map<String, Object> what() {
      Map<String, Object> what = new LinkedHashMap<>();
      what.put("kind", method.kind);
      what.put("times", times);
      return what;
    }

    @Override
    public Optional<PreparedTraining> prepare(TrainingContext context, RunOptions options) {
      TrainedModel teacher = context.teacher();
      GuidedTraining training = new GuidedTraining(context, setting.student());
      teacher.network().architecture().checkTraining(setting.size(), setting.student().batchSize());
      Classifier network =
          method.factored(teacher.network(), teacher.device(), setting.size(), times);
      Provenance provenance = training.provenance("low rank", network).withAll("lowrank", what());
      return Optional.of(training.prepare(network, provenance, options));
    }
  }

  /**
   * Returns a network of factors that comes close to its teacher. For a ResNet-18 in full width
   * this takes 7 s (SVD), 40 s (spatial) or 20 s (Tucker), for a quarter of the width less than a
   * second; a training that is resumed does it again.
   *
   * @param teacher does not change
   * @param device where both are
   * @param size side of the pictures
   * @param times how many times fewer multiply-adds it has at least
   * @throws IllegalArgumentException if that cannot be reached
   */
  Classifier factored(Classifier teacher, Device device, int size, double times) {
    List<Conv2d> convolutions = Places.whole(teacher);
    List<Decomposition> decompositions = convolutions.stream().map(decompose).toList();
    Places places = Places.of(teacher.architecture(), size);
    List<Factors> factors =
        places.within(
            places.budget(times),
            share -> decompositions.stream().map(whole -> whole.keeping(share)).toList());
    Classifier student = Models.classifier(teacher.architecture().withFactors(factors), device);
    copyShared(teacher, student);
    for (int i = 0; i < factors.size(); i++) {
      if (student.convolutions().get(i) instanceof Sequential chain) {
        set(chain, decompositions.get(i).weights(factors.get(i)), convolutions.get(i).bias());
      }
    }
    return student;
  }

  /** Copies all that both have: whatever is outside of factors. */
  private static void copyShared(Classifier teacher, Classifier student) {
    Map<String, Tensor> given = teacher.state().tensors();
    Map<String, Tensor> tensors = new LinkedHashMap<>(student.state().tensors());
    tensors.replaceAll((tensor, own) -> given.getOrDefault(tensor, own));
    student.load(new State(tensors, teacher.state().counters()));
  }

  /** Gives a chain of convolutions its weights, and the last the bias of the whole. */
  static void set(Sequential chain, List<double[]> weights, @Nullable Parameter bias) {
    for (int i = 0; i < weights.size(); i++) {
      Conv2d layer = (Conv2d) chain.layers().get(i);
      layer.weight().tensor().copyFrom(weights.get(i));
      Parameter own = layer.bias();
      if (own != null && bias != null) {
        own.tensor().copyFrom(bias.tensor());
      }
    }
  }
}
