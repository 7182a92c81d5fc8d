package dev.thumbnet.experiment;

import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.experiment.results.Results.PaperCost;
import dev.thumbnet.measure.Timing;
import dev.thumbnet.measure.Timings;
import dev.thumbnet.measure.Timings.Candidate;
import dev.thumbnet.method.Setting;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the networks cost at the paper's size: ResNet-18 in full width for 1000 classes, pictures of
 * 224 pixels. A small experiment with narrow networks cannot show that, since the downscaler is as
 * large for them as for wide ones. Costs do not depend on what was learned, so weights are random.
 */
final class PaperCosts {
  private static final int SIZE = 224;
  private static final int CLASSES = 1000;
  private static final Architecture NETWORK = Architecture.of("resnet18", CLASSES);
  private static final Timings.Effort EFFORT = new Timings.Effort(3, 7, 60, 3_000_000_000L);

  private PaperCosts() {}

  /** The network alone, and behind thumbnails of the two kinds, by what the table calls them. */
  static Map<String, TrainedModel> ofThumbnails(Setting setting, Device device) {
    Rng rng = new Rng(0);
    Classifier network = Models.classifier(NETWORK, device, rng.split(0));
    Map<String, TrainedModel> models = new LinkedHashMap<>();
    models.put("none", model(network, DownscalerKind.BICUBIC, null, device, rng));
    for (Reduction reduction : setting.reductions()) {
      models.put(
          "bicubic " + reduction, model(network, DownscalerKind.BICUBIC, reduction, device, rng));
      models.put(
          "learned " + reduction, model(network, setting.downscaler(), reduction, device, rng));
    }
    return models;
  }

  /** Measures models that take pictures of the same size. */
  static List<PaperCost> measure(
      Map<String, TrainedModel> models, int threads, BooleanSupplier stop) {
    if (models.isEmpty()) {
      return List.of();
    }
    int size = models.values().iterator().next().preprocessing().size();
    List<RgbImage> pictures = List.of(new RgbImage(size, size, new byte[3 * size * size]));
    List<Candidate> timed = new ArrayList<>();
    models.values().forEach(model -> timed.add(new Candidate(() -> model, WeightFormat.F32)));
    Iterator<Timing> timings = Timings.measure(timed, pictures, threads, EFFORT, stop).iterator();
    List<PaperCost> costs = new ArrayList<>();
    models.forEach(
        (label, model) ->
            costs.add(
                new PaperCost(
                    label,
                    model.network().architecture().toString(),
                    model.inputSize(),
                    model.macs(),
                    model.downscalerMacs(),
                    timings.next())));
    return costs;
  }

  private static TrainedModel model(
      Classifier network,
      DownscalerKind kind,
      @Nullable Reduction reduction,
      Device device,
      Rng rng) {
    Preprocessing shown = Preprocessing.unscaled(SIZE);
    return new TrainedModel(
        device,
        network,
        reduction == null
            ? null
            : Models.downscaler(
                kind, reduction, shown.colors(), device, rng.split(reduction.from())),
        IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList(),
        shown,
        Provenance.on(device));
  }
}
