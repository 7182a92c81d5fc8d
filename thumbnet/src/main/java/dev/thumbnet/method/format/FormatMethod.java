package dev.thumbnet.method.format;

import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.Need;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.pipeline.CompiledModel;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.RunOptions;
import dev.thumbnet.train.TrainingResult;
import dev.thumbnet.train.TrainingResult.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A finished network as it is when it is compiled with weights of fewer bits. Nothing is trained:
 * the model is the one that was there, and its point says how it is measured. Which layers get
 * fewer bits depends on device and processor; there are none if {@link #BYTES} and {@link
 * #F32_BYTES} are the same.
 */
public final class FormatMethod implements Method {
  /** The only one. */
  public static final FormatMethod FORMATS = new FormatMethod();

  /** Name of the bytes of the compiled network's weights. */
  public static final String BYTES = "weightBytes";

  /** Name of the bytes that they would have as f32, compiled on the same device. */
  public static final String F32_BYTES = "weightBytesF32";

  private FormatMethod() {}

  @Override
  public String key() {
    return "weight-format";
  }

  @Override
  public String name() {
    return "Fewer bits";
  }

  @Override
  public String explanation() {
    return "A finished network whose weights are kept with fewer bits when it is compiled: bf16 has"
        + " the upper half of each number, int8 eight bits and a factor for each output channel, in"
        + " those layers where that saves time for a single picture on the processor at hand."
        + " Nothing is trained.";
  }

  @Override
  public boolean trainsStudent() {
    return false;
  }

  /** None: what is compiled is chosen by {@link #at}. */
  @Override
  public List<Training> trainings(Setting setting) {
    return List.of();
  }

  /**
   * Returns what gives a model in another format. Its point is called as the model's and by the
   * format: {@code 4to1-int8}.
   *
   * @param source the model, which the training must be given
   * @param point of the model
   * @param format how the compiled network keeps its weights
   */
  public Training at(Need source, OperatingPoint point, WeightFormat format) {
    String name = format.name().toLowerCase(Locale.ROOT);
    Map<String, Object> settings = new LinkedHashMap<>(point.settings());
    settings.put("weightsOf", source.toString());
    settings.put(OperatingPoint.WEIGHT_FORMAT, name);
    return new Formatted(
        source,
        new OperatingPoint(
            point.key() + "-" + name, point.label() + ", " + name, point.inputSize(), settings));
  }

  private record Formatted(Need source, OperatingPoint point) implements Training {
    @Override
    public List<OperatingPoint> points() {
      return List.of(point);
    }

    @Override
    public Trained run(TrainingContext context, RunOptions options) {
      TrainedModel model = context.model(source);
      Map<String, Double> bytes = new LinkedHashMap<>();
      bytes.put(BYTES, bytes(model, point.weightFormat()));
      bytes.put(F32_BYTES, bytes(model, WeightFormat.F32));
      return new Trained(model, new TrainingResult(Outcome.FINISHED, List.of()))
          .withMeasured(bytes);
    }

    private static double bytes(TrainedModel model, WeightFormat format) {
      return CompiledModel.of(model, 1, format).weightBytes();
    }
  }
}
