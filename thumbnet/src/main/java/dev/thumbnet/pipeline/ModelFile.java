package dev.thumbnet.pipeline;

import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.io.SafeTensorsWriter;
import dev.thumbnet.engine.io.StateDict;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.DownscalerNet;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The file of a {@link TrainedModel}: safetensors in PyTorch's layouts, with all else as metadata.
 * A classifier of full pictures has torchvision's names; otherwise its names start with {@code
 * student.} and those of the downscaler with {@code downscaler.}.
 */
final class ModelFile {
  private static final String FORMAT = "thumbnet-model";
  private static final String VERSION = "1";
  private static final String NONE = "none";
  private static final String CLASS = "class.";
  private static final String STUDENT = "student";
  private static final String DOWNSCALER = "downscaler";

  /** Is there, and false, if pictures are taken as stored; files of the first version lack it. */
  private static final String EXIF = "exifOrientation";

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
            .metadata("format", FORMAT)
            .metadata("version", VERSION)
            .metadata("network", architecture.name())
            .metadata("width", Double.toString(architecture.width()));
    architecture.own().forEach((name, value) -> writer.metadata(name, value.toString()));
    writer
        .metadata("downscaler", downscaler == null ? NONE : downscaler.kind().key())
        .metadata(
            "factor", Integer.toString(downscaler == null ? 1 : downscaler.reduction().side()))
        .metadata("size", Integer.toString(shown.size()))
        .metadata("shortSide", Integer.toString(shown.shortSide()))
        .metadata("mean", print(shown.normalize().mean()))
        .metadata("std", print(shown.normalize().std()))
        .metadata("classes", Integer.toString(model.classes().size()));
    if (!shown.exifOrientation()) {
      writer.metadata(EXIF, "false");
    }
    for (int i = 0; i < model.classes().size(); i++) {
      writer.metadata(CLASS + i, model.classes().get(i));
    }
    model.provenance().writeTo(writer);
    weights(model.network(), downscaler).putInto(writer);
    writer.write(file);
  }

  /** Opens what a stream holds. */
  static SafeTensors open(InputStream in, String name) {
    try {
      return SafeTensors.of(name, in.readAllBytes());
    } catch (IOException e) {
      throw new ModelException(name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  static TrainedModel read(SafeTensors file, String name, Device device) {
    Fields fields = Fields.of(name, file.metadata());
    int count = fields.get("classes", Integer::parseInt);
    List<String> classes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      classes.add(fields.text(CLASS + i));
    }
    Architecture architecture =
        Architecture.of(fields.text("network"), count)
            .withWidth(fields.get("width", Double::parseDouble));
    for (String setting : architecture.own().keySet()) {
      Architecture before = architecture;
      architecture = fields.get(setting, text -> before.with(setting, text));
    }
    Preprocessing shown = preprocessing(fields);
    Classifier network = Models.classifier(architecture, device);
    DownscalerNet downscaler = downscaler(fields, shown, device);
    weights(network, downscaler).load(file);
    return new TrainedModel(
        device, network, downscaler, classes, shown, Provenance.of(file.metadata()));
  }

  static TrainedDownscaler readDownscaler(SafeTensors file, String name, Device device) {
    Fields fields = Fields.of(name, file.metadata());
    Preprocessing shown = preprocessing(fields);
    DownscalerNet downscaler = downscaler(fields, shown, device);
    if (downscaler == null) {
      throw new ModelException(
          name + " takes full pictures and has no downscaler; take a model made by 'distill'");
    }
    StateDict.of(new Parts(downscaler, null)).loadOwn(file);
    return new TrainedDownscaler(device, downscaler, shown);
  }

  private static Preprocessing preprocessing(Fields fields) {
    return new Preprocessing(
        fields.get("shortSide", Integer::parseInt),
        fields.get("size", Integer::parseInt),
        new Normalize(fields.get("mean", ModelFile::parse), fields.get("std", ModelFile::parse)),
        !fields.metadata.containsKey(EXIF) || fields.get(EXIF, Boolean::parseBoolean));
  }

  /** Makes the downscaler, unless the model takes full pictures. */
  private static @Nullable DownscalerNet downscaler(
      Fields fields, Preprocessing shown, Device device) {
    if (fields.text("downscaler").equals(NONE)) {
      return null;
    }
    DownscalerKind kind = fields.get("downscaler", DownscalerKind::ofKey);
    Reduction reduction = fields.get("factor", text -> Reduction.ofSide(Integer.parseInt(text)));
    return Models.downscaler(kind, reduction, shown.colors(), device, null);
  }

  private static String print(float[] values) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> Float.toString(values[i]))
        .collect(Collectors.joining(" "));
  }

  private static float[] parse(String text) {
    String[] words = text.split(" ");
    float[] values = new float[words.length];
    for (int i = 0; i < words.length; i++) {
      values[i] = Float.parseFloat(words[i]);
    }
    return values;
  }

  /** Metadata that must be there and make sense. */
  private record Fields(String file, Map<String, String> metadata) {
    static Fields of(String file, Map<String, String> metadata) {
      Fields fields = new Fields(file, metadata);
      if (!FORMAT.equals(metadata.get("format"))) {
        throw new ModelException(
            file
                + " is no model of this program: it does not say which network, sizes and classes"
                + " it is for. Weights of torchvision alone can be imported into a network");
      }
      String version = fields.text("version");
      if (!VERSION.equals(version)) {
        throw new ModelException(
            file
                + " has version "
                + version
                + " of the format, this program reads version "
                + VERSION
                + "; use a newer program");
      }
      return fields;
    }

    String text(String name) {
      String text = metadata.get(name);
      if (text == null) {
        throw new ModelException(
            file + " is damaged: its metadata has no \"" + name + "\"; get the file again");
      }
      return text;
    }

    <T> T get(String name, Function<String, T> parser) {
      String text = text(name);
      try {
        return parser.apply(text);
      } catch (IllegalArgumentException e) {
        throw new ModelException(
            file + " is damaged: \"" + name + "\" is " + text + " in its metadata", e);
      }
    }
  }
}
