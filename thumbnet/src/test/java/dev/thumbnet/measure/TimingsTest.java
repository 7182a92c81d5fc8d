package dev.thumbnet.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.measure.Timings.Candidate;
import dev.thumbnet.measure.Timings.Effort;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.CompiledModel;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.TinyPictures;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each model has a time; only models that are the same program share one. */
final class TimingsTest {
  private static final Device CPU = Device.cpu();
  private static final Effort SHORT = new Effort(2, 5, 5, 1);

  private final TrainedModel full = model(1, 1, null);
  private final TrainedModel otherWeights = model(2, 1, null);
  private final TrainedModel narrow = model(1, 0.5, null);
  private final TrainedModel small = model(1, 1, DownscalerKind.BICUBIC);
  private final TrainedModel learned = model(1, 1, DownscalerKind.PLAIN);

  private static TrainedModel model(long seed, double width, DownscalerKind kind) {
    Preprocessing shown = Preprocessing.unscaled(TinyPictures.SIDE);
    Rng rng = new Rng(seed);
    return new TrainedModel(
        CPU,
        Models.classifier(TinyPictures.architecture().withWidth(width / 8), CPU, rng),
        kind == null
            ? null
            : Models.downscaler(kind, Reduction.FOUR_TO_ONE, shown.colors(), CPU, rng),
        TinyPictures.data().train().classes(),
        shown,
        Provenance.on(CPU));
  }

  private static CompiledModel compile(TrainedModel model, WeightFormat format) {
    return CompiledModel.of(model, 1, format);
  }

  @Test
  void programsAreTheSameWhateverTheirWeights() {
    CompiledModel one = compile(full, WeightFormat.F32);
    assertThat(one.sameProgram(compile(otherWeights, WeightFormat.F32))).isTrue();
    for (TrainedModel other : List.of(narrow, small, learned)) {
      assertThat(one.sameProgram(compile(other, WeightFormat.F32))).isFalse();
    }
    assertThat(compile(small, WeightFormat.F32).sameProgram(compile(learned, WeightFormat.F32)))
        .isFalse();
    assertThat(one.sameProgram(compile(full, WeightFormat.BF16))).isFalse();
  }

  @Test
  void oneMeasurementForEachProgram() {
    List<Candidate> models =
        Stream.of(full, narrow, otherWeights, small)
            .map(model -> new Candidate(() -> model, WeightFormat.F32))
            .toList();
    List<RgbImage> pictures = List.of(TinyPictures.data().train().get(0));
    List<Timing> timings = Timings.measure(models, pictures, 2, SHORT, () -> false);
    assertThat(timings)
        .hasSize(4)
        .allMatch(t -> t.medianMs() > 0 && t.fastMs() <= t.medianMs() && t.medianMs() <= t.slowMs())
        .allMatch(t -> t.repeats() == 5 && t.threads() == 2);
    assertThat(timings.get(2)).isEqualTo(timings.get(0));
    assertThat(timings.get(1)).isNotEqualTo(timings.get(0));
    assertThat(timings.get(3)).isNotIn(timings.get(0), timings.get(1));
    assertThatThrownBy(() -> Timings.measure(models, pictures, 2, SHORT, () -> true))
        .isInstanceOf(CancellationException.class);
  }
}
