package dev.thumbnet.experiment;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thumbnet.measure.Machine;
import dev.thumbnet.measure.Timing;
import dev.thumbnet.method.thumbnet.LossWeights;
import dev.thumbnet.method.thumbnet.StudentOptions;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.train.Recipe;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.json.JsonMapper;

/**
 * What members of {@code results.json} are called that hold records of other packages. Spelled out,
 * so that renaming a component in Java does not change the file.
 */
final class NamesInResults {
  private NamesInResults() {}

  static JsonMapper.Builder addTo(JsonMapper.Builder mapper) {
    return mapper
        .addMixIn(Architecture.class, OfArchitecture.class)
        .addMixIn(LossWeights.class, OfLossWeights.class)
        .addMixIn(Machine.class, OfMachine.class)
        .addMixIn(Recipe.class, OfRecipe.class)
        .addMixIn(StudentOptions.class, OfStudentOptions.class)
        .addMixIn(Timing.class, OfTiming.class);
  }

  private record OfArchitecture(
      @JsonProperty("name") String name,
      @JsonProperty("classes") int classes,
      @JsonProperty("width") double width,
      @JsonProperty("smallInput") boolean smallInput,
      @JsonProperty("hidden") int hidden) {}

  private record OfLossWeights(
      @JsonProperty("classification") double classification,
      @JsonProperty("distillation") double distillation,
      @JsonProperty("momentMatching") double momentMatching,
      @JsonProperty("featureMapping") double featureMapping) {}

  private record OfMachine(
      @JsonProperty("processor") String processor,
      @JsonProperty("cores") int cores,
      @JsonProperty("system") String system,
      @JsonProperty("java") String java,
      @JsonProperty("device") String device) {}

  private record OfRecipe(
      @JsonProperty("epochs") int epochs,
      @JsonProperty("batchSize") int batchSize,
      @JsonProperty("learningRate") double learningRate,
      @JsonProperty("momentum") double momentum,
      @JsonProperty("weightDecay") double weightDecay,
      @JsonProperty("labelSmoothing") double labelSmoothing,
      @JsonProperty("gradientClip") double gradientClip,
      @JsonProperty("emaDecay") double emaDecay,
      @JsonProperty("patience") int patience,
      @JsonProperty("seed") long seed) {}

  private record OfStudentOptions(
      @JsonProperty("downscaler") DownscalerKind downscaler,
      @JsonProperty("factor")
          @JsonSerialize(using = WriteSide.class)
          @JsonDeserialize(using = ReadSide.class)
          Reduction reduction,
      @JsonProperty("fromTeacher") boolean fromTeacher,
      @JsonProperty("pretraining") double pretraining,
      @JsonProperty("pretrainingWeights") LossWeights pretrainingWeights,
      @JsonProperty("weights") LossWeights weights,
      @JsonProperty("temperature") double temperature,
      @JsonProperty("scratchRate") double scratchRate) {}

  private record OfTiming(
      @JsonProperty("pipeline") String pipeline,
      @JsonProperty("medianMs") double medianMs,
      @JsonProperty("fastMs") double fastMs,
      @JsonProperty("slowMs") double slowMs,
      @JsonProperty("repeats") int repeats,
      @JsonProperty("threads") int threads) {}

  /** A reduction by its ratio of sides. */
  static final class WriteSide extends ValueSerializer<Reduction> {
    @Override
    public void serialize(Reduction value, JsonGenerator to, SerializationContext context) {
      to.writeNumber(value.side());
    }
  }

  /** Reads what {@link WriteSide} writes. */
  static final class ReadSide extends ValueDeserializer<Reduction> {
    @Override
    public Reduction deserialize(JsonParser from, DeserializationContext context) {
      return Reduction.ofSide(from.getIntValue());
    }
  }

  /** A reduction by its ratio of areas; none at all is 1. */
  static final class WriteRatio extends ValueSerializer<Reduction> {
    @Override
    public void serialize(Reduction value, JsonGenerator to, SerializationContext context) {
      to.writeNumber(value == null ? 1 : value.area());
    }
  }

  /** Reads what {@link WriteRatio} writes. */
  static final class ReadRatio extends ValueDeserializer<Reduction> {
    @Override
    public Reduction deserialize(JsonParser from, DeserializationContext context) {
      int ratio = from.getIntValue();
      return ratio == 1 ? null : Reduction.ofArea(ratio);
    }
  }
}
