package dev.thumbnet.pipeline;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.io.SafeTensorsException;
import dev.thumbnet.engine.io.SafeTensorsWriter;
import dev.thumbnet.engine.io.StateDict;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerNet;
import dev.thumbnet.model.Models;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The file of a {@link TrainedModel}: safetensors in PyTorch's layouts, with all else as metadata.
 * A classifier of full pictures has torchvision's names; otherwise its names start with {@code
 * student.} and those of the downscaler with {@code downscaler.}.
 */
final class ModelFile {
  private static final String STUDENT = "student";
  private static final String DOWNSCALER = "downscaler";

  private ModelFile() {}

  /** E, and S if it is there, as one tree, so that their names have prefixes. */
  private static final class Parts extends Module {
    private final DownscalerNet e;
    private final @Nullable Classifier s;

    Parts(DownscalerNet e, @Nullable Classifier s) {
      this.e = child(DOWNSCALER, e);
      this.s = s == null ? null : child(STUDENT, s);
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor thumbnails = e.forward(x);
      return s == null ? thumbnails : s.forward(thumbnails);
    }
  }

  private static StateDict weights(Classifier network, @Nullable DownscalerNet downscaler) {
    return downscaler == null
        ? Models.stateDict(network)
        : Models.stateDict(STUDENT + ".", network, new Parts(downscaler, network));
  }

  static void write(TrainedModel model, Path file) {
    DownscalerNet downscaler = model.usesThumbnails() ? model.downscaler() : null;
    Architecture architecture = model.network().architecture();
    Preprocessing shown = model.preprocessing();
    SafeTensorsWriter writer =
        new SafeTensorsWriter()
            .metadata("format", ModelMetadata.FORMAT)
            .metadata("version", ModelMetadata.VERSION)
            .metadata("network", architecture.name())
            .metadata("width", Double.toString(architecture.width()));
    architecture.said().forEach((name, value) -> writer.metadata(name, value.toString()));
    writer
        .metadata("downscaler", downscaler == null ? ModelMetadata.NONE : downscaler.kind().key())
        .metadata("factor", downscaler == null ? "1" : downscaler.reduction().factor().toString())
        .metadata("size", Integer.toString(shown.size()))
        .metadata("shortSide", Integer.toString(shown.shortSide()))
        .metadata("mean", print(shown.normalize().mean()))
        .metadata("std", print(shown.normalize().std()))
        .metadata("classes", Integer.toString(model.classes().size()));
    if (!shown.exifOrientation()) {
      writer.metadata(ModelMetadata.EXIF, "false");
    }
    for (int i = 0; i < model.classes().size(); i++) {
      writer.metadata(ModelMetadata.CLASS + i, model.classes().get(i));
    }
    model.provenance().writeTo(writer);
    weights(model.network(), downscaler).putInto(writer);
    writer.write(file);
  }

  /**
   * Reads a model. Its metadata and the names, shapes and types of its tensors are judged first, on
   * a network without numbers; only what fits is built.
   *
   * @throws ModelException if it is no model or contradicts itself
   * @throws SafeTensorsException if it cannot be read, or has numbers that cannot be
   */
  static TrainedModel read(SafeTensors file, String name, Device device) {
    ModelMetadata metadata = ModelMetadata.of(name, file.metadata());
    List<String> classes = metadata.classes();
    Architecture architecture = metadata.architecture(classes.size());
    Preprocessing shown = metadata.preprocessing();
    try {
      Classifier s = Models.classifier(architecture, Device.meta());
      DownscalerNet e = downscaler(metadata, shown, Device.meta());
      List<String> decisive = new ArrayList<>(List.of("network", "width", "classes"));
      decisive.addAll(architecture.said().keySet());
      decisive.add(DOWNSCALER);
      check(metadata, Fit.of(file, e == null ? s : new Parts(e, s), weights(s, e)), decisive);
      new ModelDemands(metadata, shown, e, s).check();
    } catch (ModelException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw impossible(name, architecture, e);
    }
    Classifier network = Models.classifier(architecture, device);
    DownscalerNet downscaler = downscaler(metadata, shown, device);
    weights(network, downscaler).loadOwn(file);
    return new TrainedModel(
        device, network, downscaler, classes, shown, Provenance.of(file.metadata()));
  }

  static TrainedDownscaler readDownscaler(SafeTensors file, String name, Device device) {
    ModelMetadata metadata = ModelMetadata.of(name, file.metadata());
    Preprocessing shown = metadata.preprocessing();
    DownscalerNet judged = downscaler(metadata, shown, Device.meta());
    if (judged == null) {
      throw new ModelException(
          name + " takes full pictures and has no downscaler; take a model made by 'distill'");
    }
    Parts parts = new Parts(judged, null);
    check(metadata, Fit.of(file, parts, StateDict.of(parts)), List.of(DOWNSCALER));
    new ModelDemands(metadata, shown, judged, null).check();
    DownscalerNet downscaler = Objects.requireNonNull(downscaler(metadata, shown, device));
    StateDict.of(new Parts(downscaler, null)).loadOwn(file);
    return new TrainedDownscaler(device, downscaler, shown);
  }

  private static void check(ModelMetadata metadata, Fit fit, List<String> decisive) {
    if (!fit.isGood()) {
      throw new ModelException(
          metadata.file()
              + " is damaged: its tensors are not those that its metadata ask for, where "
              + metadata.shown(decisive)
              + "; "
              + fit);
    }
  }

  /** A shape that no array has, in all that the metadata ask for. */
  private static ModelException impossible(
      String name, Architecture architecture, IllegalArgumentException e) {
    return new ModelException(
        name
            + " is damaged: its metadata ask for a "
            + architecture
            + ", which cannot be built: "
            + e.getMessage());
  }

  /** Makes the downscaler, unless the model takes full pictures. */
  private static @Nullable DownscalerNet downscaler(
      ModelMetadata metadata, Preprocessing shown, Device device) {
    return metadata
        .downscaler()
        .map(
            kind -> Models.downscaler(kind, metadata.reduction(kind), shown.colors(), device, null))
        .orElse(null);
  }

  private static String print(float[] values) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> Float.toString(values[i]))
        .collect(Collectors.joining(" "));
  }
}
