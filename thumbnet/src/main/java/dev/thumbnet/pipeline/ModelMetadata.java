package dev.thumbnet.pipeline;

import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the file of a model says besides its weights. All of it must be there and in its range,
 * which is checked before anything is built of it; what is wrong is a {@link ModelException} that
 * names file, key and value.
 *
 * @param file for messages
 * @param texts by key
 */
record ModelMetadata(String file, Map<String, String> texts) {
  static final String FORMAT = "thumbnet-model";
  static final String VERSION = "1";
  static final String NONE = "none";
  static final String CLASS = "class.";

  /** Is there, and false, if pictures are taken as stored; files of the first version lack it. */
  static final String EXIF = "exifOrientation";

  static ModelMetadata of(String file, Map<String, String> texts) {
    ModelMetadata metadata = new ModelMetadata(file, texts);
    if (!isModel(texts)) {
      throw new ModelException(
          file
              + " is no model of this program: it does not say which network, sizes and classes"
              + " it is for. Weights of torchvision alone can be imported into a network");
    }
    String version = metadata.text("version");
    if (!VERSION.equals(version)) {
      throw new ModelException(
          file
              + " has version "
              + version
              + " of the format, this program reads version "
              + VERSION
              + "; use a newer program");
    }
    return metadata;
  }

  static boolean isModel(Map<String, String> texts) {
    return FORMAT.equals(texts.get("format"));
  }

  List<String> classes() {
    int count = get("classes", "a number of at least 1", text -> atLeast(1, text));
    List<String> classes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      classes.add(text(CLASS + i));
    }
    return classes;
  }

  Architecture architecture(int classes) {
    Architecture network =
        get(
            "network",
            "one of " + String.join(", ", Architecture.NAMES),
            text -> Architecture.of(text, classes));
    Architecture original = network;
    network =
        get(
            "width",
            "a number above 0, at most 16",
            text -> original.withWidth(Double.parseDouble(text)));
    for (String setting : network.own().keySet()) {
      Architecture before = network;
      if (texts.containsKey(setting) || before.said().containsKey(setting)) {
        network = get(setting, "one that it can have", text -> before.with(setting, text));
      }
    }
    return network;
  }

  Preprocessing preprocessing() {
    String side = " to " + Preprocessing.MAX_SIDE + " pixels";
    float[] mean = get("mean", "three numbers", ModelMetadata::three);
    return new Preprocessing(
        get("shortSide", "0" + side, text -> side(0, text)),
        get("size", "1" + side, text -> side(1, text)),
        get(
            "std",
            "three numbers above 0 with which colours make sense",
            text -> new Normalize(mean, three(text))),
        !texts.containsKey(EXIF) || get(EXIF, "true or false", ModelMetadata::truth));
  }

  /** Returns how thumbnails are made, unless the model takes full pictures. */
  Optional<DownscalerKind> downscaler() {
    return text("downscaler").equals(NONE)
        ? Optional.empty()
        : Optional.of(get("downscaler", "a kind of downscaler", DownscalerKind::ofKey));
  }

  /**
   * Returns how much smaller its thumbnails are.
   *
   * @param kind how they are made
   */
  Reduction reduction(DownscalerKind kind) {
    return get(
        "factor",
        factors(kind),
        text -> {
          Reduction reduction = Reduction.ofFactor(text);
          kind.check(reduction);
          return reduction;
        });
  }

  /** The reductions that a kind makes, in words. */
  private static String factors(DownscalerKind kind) {
    if (kind.learned()) {
      return kind.makes(Reduction.EIGHTH) ? "2, 4 or 8" : "2 or 4";
    }
    return kind == DownscalerKind.BICUBIC
        ? "a whole number above 1, or two sides such as 28/9"
        : "a whole number above 1";
  }

  /** The failure of a value that does not go with the rest. */
  ModelException wrong(String key, String wanted) {
    return new ModelException(
        file + " is damaged: \"" + key + "\" is " + text(key) + " in its metadata, not " + wanted);
  }

  /** Returns some of it as messages show it. */
  String shown(Collection<String> keys) {
    return keys.stream()
        .map(key -> "\"" + key + "\" is " + text(key))
        .collect(Collectors.joining(", "));
  }

  private String text(String key) {
    String text = texts.get(key);
    if (text == null) {
      throw new ModelException(
          file + " is damaged: its metadata has no \"" + key + "\"; get the file again");
    }
    return text;
  }

  private <T> T get(String key, String wanted, Function<String, T> parser) {
    String text = text(key);
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw wrong(key, wanted);
    }
  }

  private static int atLeast(int least, String text) {
    int number = Integer.parseInt(text);
    if (number < least) {
      throw new IllegalArgumentException();
    }
    return number;
  }

  private static int side(int least, String text) {
    int pixels = atLeast(least, text);
    if (pixels > Preprocessing.MAX_SIDE) {
      throw new IllegalArgumentException();
    }
    return pixels;
  }

  private static boolean truth(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException();
    }
    return text.equals("true");
  }

  private static float[] three(String text) {
    String[] words = text.split(" ", 4);
    if (words.length != 3) {
      throw new IllegalArgumentException();
    }
    float[] numbers = new float[3];
    for (int i = 0; i < 3; i++) {
      numbers[i] = Float.parseFloat(words[i]);
      if (!Float.isFinite(numbers[i])) {
        throw new IllegalArgumentException();
      }
    }
    return numbers;
  }
}
