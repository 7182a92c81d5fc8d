package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.nn.Conv2d;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a classifier is: all that is needed to build it again, without its weights.
 *
 * @param family how it is built
 * @param name one of the family's
 * @param classes number of classes
 * @param width factor for the number of channels of all layers, 1 for the original
 * @param own the settings that only the family has, all of them
 */
public record Architecture(
    Family family, String name, int classes, double width, Map<String, Object> own) {
  /**
   * A text that files leave out: a setting that a family got later has it as its usual value, so
   * that files of before are read as ever, and networks that do not use the setting are described
   * as ever.
   */
  static final String UNSAID = "";

  /** The known networks. */
  public static final List<String> NAMES = Families.names();

  /**
   * Checks that there is such a network.
   *
   * @throws IllegalArgumentException if not
   */
  public Architecture {
    own = Collections.unmodifiableMap(new LinkedHashMap<>(own));
    if (classes < 1) {
      throw new IllegalArgumentException("a classifier has at least one class, not " + classes);
    }
    if (!(width > 0 && width <= 16)) {
      throw new IllegalArgumentException("the width must be in (0, 16], got " + width);
    }
  }

  /**
   * Returns the original network of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Architecture of(String name, int classes) {
    return of(Families.of(name), name, classes);
  }

  /** Returns the original network of a name in a family. */
  static Architecture of(Family family, String name, int classes) {
    return checked(new Architecture(family, name, classes, 1, family.settings(name)));
  }

  /**
   * Returns the network that has all of these {@link #settings}.
   *
   * @throws IllegalArgumentException if one that files have is missing, or one is of another kind,
   *     or out of range
   */
  public static Architecture of(Map<String, Object> settings) {
    int classes = setting(settings, "classes", Number.class).intValue();
    double width = setting(settings, "width", Number.class).doubleValue();
    Architecture network = of(setting(settings, "name", String.class), classes).withWidth(width);
    for (Map.Entry<String, Object> usual : network.own.entrySet()) {
      String name = usual.getKey();
      boolean leftOut = usual.getValue().equals(UNSAID) && !settings.containsKey(name);
      if (!leftOut) {
        network = network.with(name, setting(settings, name).toString());
      }
    }
    return network;
  }

  private static <T> T setting(Map<String, Object> settings, String name, Class<T> type) {
    Object value = setting(settings, name);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "the setting '" + name + "' of the network cannot be " + value);
    }
    return type.cast(value);
  }

  private static Object setting(Map<String, Object> settings, String name) {
    Object value = settings.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the setting '" + name + "' of the network is missing");
    }
    return value;
  }

  /**
   * Returns a setting of the family.
   *
   * @throws IllegalArgumentException if the family has none of this name
   */
  Object own(String name) {
    return setting(own, name);
  }

  private static Architecture checked(Architecture architecture) {
    architecture.family.check(architecture);
    return architecture;
  }

  /**
   * Returns the same with another factor for the number of channels. Counts of {@link
   * #withInnerChannels} stay as they are.
   *
   * @throws IllegalArgumentException if the network would have fewer channels than they say
   */
  public Architecture withWidth(double factor) {
    return checked(new Architecture(family, name, classes, factor, own));
  }

  /** Returns the same for another number of classes. */
  public Architecture withClasses(int count) {
    return checked(new Architecture(family, name, count, width, own));
  }

  /**
   * Returns the same with another value of a setting that only its family has.
   *
   * @param text the value as text
   * @throws IllegalArgumentException if the family has no such setting, or not this value
   */
  public Architecture with(String setting, String text) {
    Object old = own.get(setting);
    if (old == null) {
      throw new IllegalArgumentException(name + " has no setting " + setting);
    }
    Map<String, Object> changed = new LinkedHashMap<>(own);
    changed.put(setting, parse(setting, text, old));
    return checked(new Architecture(family, name, classes, width, changed));
  }

  /** Returns a value of the kind of another one. */
  private static Object parse(String setting, String text, Object like) {
    try {
      return switch (like) {
        case Integer _ -> Integer.valueOf(text);
        case Double _ -> Double.valueOf(text);
        case String _ -> text;
        case Boolean _ when text.equals("true") || text.equals("false") -> Boolean.valueOf(text);
        default -> throw new IllegalArgumentException(setting + " cannot be " + text);
      };
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(setting + " cannot be " + text, e);
    }
  }

  /** Returns the same ResNet with the stem for small pictures: 3x3 of stride 1, no max pool. */
  public Architecture withSmallInput() {
    return with(TorchvisionSettings.SMALL_INPUT, "true");
  }

  /**
   * Returns the same VGG with another number of units in each of the two hidden layers of its head,
   * before the width is applied; 0 for a head of a global average and one linear layer. ResNets
   * have such a head, so that 0 changes nothing.
   */
  public Architecture withHidden(int units) {
    return with(TorchvisionSettings.HIDDEN, Integer.toString(units));
  }

  /**
   * Returns the same network with other numbers of channels in its {@linkplain
   * Classifier#innerConvolutions inner convolutions}, as pruning leaves them.
   *
   * @param counts one for each inner convolution, in their order, at least 1 and at most what the
   *     network has at its width; whatever the width is, it is not applied to them
   * @throws IllegalArgumentException if the network has other convolutions inside, or none
   */
  public Architecture withInnerChannels(List<Integer> counts) {
    return with(TorchvisionSettings.INNER_CHANNELS, TorchvisionSettings.text(counts));
  }

  /**
   * Returns the same ResNet behind a front: its first convolution takes channels that are made of
   * patches of the full picture, not colours.
   *
   * @param front {@code patch2} or {@code patch4}, a learned convolution of patches of so many
   *     pixels a side, or {@code dct2} or {@code dct4}, their lowest DCT coefficients
   * @throws IllegalArgumentException if there is no such front, or this is no ResNet
   */
  public Architecture withFront(String front) {
    return with(Front.NAME, front);
  }

  /**
   * Returns the same ResNet or VGG with its convolutions larger than 1x1 made of these, in their
   * order.
   *
   * @throws IllegalArgumentException if there are more or fewer of them, or one cannot be made so
   */
  public Architecture withFactors(List<Factors> factors) {
    return with(
        Convolutions.FACTORS,
        factors.stream().map(Factors::toString).collect(Collectors.joining(",")));
  }

  /** Tells whether this is a ResNet that sees pictures by a whole convolution, without a front. */
  public boolean hasPlainStem() {
    return family instanceof ResNetFamily
        && Front.of(this) == Front.NONE
        && own(Convolutions.FACTORS).equals(UNSAID);
  }

  /**
   * Checks that the first channels of each layer are a narrower network of the same kind.
   *
   * @throws IllegalArgumentException if not; the message says why, and what to take instead
   */
  public void checkPrefixes() {
    if (family instanceof Lwae.OfFamily) {
      throw new IllegalArgumentException(
          label() + " is made of two networks and cannot be narrowed; take the one inside");
    }
    if (!own.getOrDefault(Convolutions.FACTORS, UNSAID).equals(UNSAID)
        || !own.getOrDefault(TorchvisionSettings.INNER_CHANNELS, UNSAID).equals(UNSAID)) {
      throw new IllegalArgumentException(
          label()
              + " cannot be narrowed; take the network as it was before it was pruned or factored");
    }
    boolean grouped =
        Models.classifier(this, Device.meta()).modules().stream()
            .anyMatch(layer -> layer instanceof Conv2d conv && conv.options().groups() > 1);
    if (grouped) {
      throw new IllegalArgumentException(
          name
              + " has convolutions in groups, and the first channels of such a layer are no"
              + " narrower layer; take another network");
    }
  }

  /** Tells whether pictures of a side are large enough. */
  public boolean takes(int side) {
    return side >= family.smallestSide(this);
  }

  /**
   * Checks that pictures are large enough.
   *
   * @param side of what the network sees, in pixels
   * @throws IllegalArgumentException if nothing of them would be left in a layer
   */
  public void checkSide(int side) {
    if (side < 1) {
      throw new IllegalArgumentException("the side of pictures must be at least 1, got " + side);
    }
    if (!takes(side)) {
      throw new IllegalArgumentException(
          name
              + " halves pictures until nothing is left of "
              + side
              + " pixels; it needs to see at least "
              + family.smallestSide(this)
              + ", so take larger pictures or another network");
    }
  }

  /**
   * Checks that pictures and batches are large enough to learn from.
   *
   * @param side of what the network sees, in pixels
   * @param batchSize pictures in a step
   * @throws IllegalArgumentException if pictures vanish, or a normalisation would have one value
   */
  public void checkTraining(int side, int batchSize) {
    checkSide(side);
    if (batchSize == 1 && family.normalisedSide(this, side) == 1) {
      throw new IllegalArgumentException(
          "a batch of 1 picture is too small for pictures of "
              + side
              + " pixels: the last layers of "
              + name
              + " make a single pixel of them, and a single value has no spread to normalise by;"
              + " take batches of 2 or more, or larger pictures");
    }
  }

  /** Returns the settings that only the family has, but those that files leave out. */
  public Map<String, Object> said() {
    Map<String, Object> said = new LinkedHashMap<>(own);
    said.values().removeIf(UNSAID::equals);
    return said;
  }

  /** Returns all of it by the names that files have, which never change. */
  public Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("name", name);
    settings.put("classes", classes);
    settings.put("width", width);
    settings.putAll(said());
    return settings;
  }

  /** Returns a number of channels after the width is applied, at least 1. */
  int scaled(int channels) {
    return Math.max(1, (int) Math.rint(channels * width));
  }

  /** Returns what it is for people, whatever the number of classes. */
  public String label() {
    return name + (width == 1 ? "" : " of width " + width) + family.describe(this);
  }

  /** Returns one line for people. */
  @Override
  public String toString() {
    return label() + ", " + classes + " classes";
  }
}
