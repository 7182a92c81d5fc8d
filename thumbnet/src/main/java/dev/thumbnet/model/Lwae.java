package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.io.StateDict;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Dropout;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Ops;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The network of the wavelet-like auto-encoder LWAE (Chen, Lin, Zuo, Luo and Zhang, AAAI 2018): it
 * takes the full picture x and looks at two pictures of half the side that the {@link Encoder}
 * makes of it,
 *
 * <pre>logits(x) = low(CA) + fusion([maps of low(CA), maps of high(CH)]).</pre>
 *
 * <p>{@code low} is a whole ResNet or VGG; {@code high} is the same at a quarter of the width and
 * without a head. Maps are what a head flattens: those of both, one beside the other, go into the
 * fusion. As in the paper it has two hidden layers with twice the units of {@code low}'s if that
 * has hidden layers (1024 and 2048 in the paper's VGG-16); for a head of a global average and one
 * linear layer it is one linear layer.
 *
 * <p>The public repository has the prototxt of the VGG-16 that is tested, from which encoder,
 * widths, fusion and sum are, and no training code; what it is for a ResNet is our choice. The
 * decoder, which only training needs, is no part of the network.
 *
 * <p>The features between the segments are those of {@code low} and {@code high}, one beside the
 * other, at an eighth of the side of CA: a sixteenth of the picture's, not an eighth as in other
 * networks. Such a network can be a teacher or a student on thumbnails like any other, for feature
 * mapping compares it with one of its kind.
 */
public final class Lwae extends Classifier {
  /** Stands before the name of {@code low} in the name of the network. */
  private static final String PREFIX = "lwae-";

  /** Width of {@code high} for a {@code low} of width 1. */
  private static final double HIGH_WIDTH = 0.25;

  private static final double DROPOUT = 0.5;

  private final Encoder encoder;
  private final Classifier low;
  private final Module high;
  private final Module fusion;
  private final Left left;
  private final Right right;
  private final int featureChannels;

  /**
   * The two halves of a picture.
   *
   * @param low CA, (n, ⌈h/2⌉, ⌈w/2⌉, 3)
   * @param high CH, the same shape
   */
  public record Subbands(Tensor low, Tensor high) {}

  /**
   * The encoder of the wavelet-like auto-encoder (Chen et al., AAAI 2018): splits a picture into
   * two of half its side, as one level of a wavelet transform splits a signal. Three convolutions
   * 3x3 of 16 channels with ReLU keep the full size; two convolutions 3x3 of stride 2 make of them
   * CA, the low frequencies, and CH, the high ones, three channels each. All have biases. Each of
   * the two is then normalised without scale and shift, so that what sees it need not care how
   * large the encoder made it.
   *
   * <p>In evaluation mode several threads may use it at once.
   */
  public static final class Encoder extends Module {
    private static final int COLORS = 3;
    private static final int CHANNELS = 16;
    private static final double EPS = 1e-5;
    private static final double MOMENTUM = 0.1;

    private final Sequential layers;
    private final Conv2d low;
    private final Conv2d high;
    private final BatchNorm2d lowNorm;
    private final BatchNorm2d highNorm;

    /** Makes an encoder; no rng leaves zeros. */
    Encoder(Device device, @Nullable Rng rng) {
      layers =
          child(
              "layers",
              new Sequential(
                  convolution(device, COLORS, CHANNELS, 1),
                  new ReLU(),
                  convolution(device, CHANNELS, CHANNELS, 1),
                  new ReLU(),
                  convolution(device, CHANNELS, CHANNELS, 1),
                  new ReLU()));
      low = child("low", convolution(device, CHANNELS, COLORS, 2));
      lowNorm = child("low_norm", new BatchNorm2d(device, COLORS, EPS, MOMENTUM, false));
      high = child("high", convolution(device, CHANNELS, COLORS, 2));
      highNorm = child("high_norm", new BatchNorm2d(device, COLORS, EPS, MOMENTUM, false));
      if (rng != null) {
        Models.initialise(this, rng);
      }
    }

    private static Conv2d convolution(Device device, int in, int out, int stride) {
      return new Conv2d(device, in, out, 3, stride, 1, true, null);
    }

    /**
     * Splits pictures; what a decoder rebuilds them from.
     *
     * @param x (n, h, w, 3)
     * @return before normalisation
     */
    public Subbands split(Tensor x) {
      Tensor features = layers.forward(x);
      return new Subbands(low.forward(features), high.forward(features));
    }

    /** Normalises what {@link #split} returned: what classifiers see. */
    public Subbands normalise(Subbands raw) {
      return new Subbands(lowNorm.forward(raw.low()), highNorm.forward(raw.high()));
    }

    /** Returns CA and CH of pictures (n, h, w, 3), normalised: (n, ⌈h/2⌉, ⌈w/2⌉, 3 + 3). */
    @Override
    public Tensor forward(Tensor x) {
      Subbands subbands = normalise(split(x));
      return Ops.concat(3, subbands.low(), subbands.high());
    }
  }

  /** The parts of a network: to its features, from there to the maps, and the head with flatten. */
  private record Parts(Module left, Module middle, Sequential head) {
    static Parts of(Classifier network) {
      List<Module> rest = ((Sequential) network.right()).layers();
      int flatten = rest.size() - 2;
      return new Parts(
          network.left(),
          new Sequential(rest.subList(0, flatten)),
          new Sequential(rest.subList(flatten, rest.size())));
    }

    /** Returns the number of elements of the maps. */
    int inputs() {
      return head.modules().stream()
          .filter(Linear.class::isInstance)
          .mapToInt(layer -> ((Linear) layer).weight().tensor().dim(0))
          .findFirst()
          .orElseThrow();
    }
  }

  /** The layers of a network but its head, under their names. */
  private static final class Headless extends Module {
    private final Parts parts;

    Headless(Classifier network, Parts parts) {
      this.parts = parts;
      network
          .children()
          .forEach(
              (name, layers) -> {
                if (!parts.head().layers().contains(layers)) {
                  child(name, layers);
                }
              });
    }

    @Override
    public Tensor forward(Tensor x) {
      return parts.middle().forward(parts.left().forward(x));
    }
  }

  /** From pictures to the features of both networks. */
  private static final class Left extends Module {
    private final Encoder encoder;
    private final Module low;
    private final Module high;

    Left(Encoder encoder, Module low, Module high) {
      this.encoder = child("encoder", encoder);
      this.low = child("low", low);
      this.high = child("high", high);
    }

    @Override
    public Tensor forward(Tensor x) {
      return features(encoder.normalise(encoder.split(x)));
    }

    Tensor features(Subbands subbands) {
      return Ops.concat(3, low.forward(subbands.low()), high.forward(subbands.high()));
    }
  }

  /**
   * From the features of both networks, of which the first so many are {@code low}'s, to logits.
   */
  private static final class Right extends Module {
    private final int cut;
    private final Module low;
    private final Module head;
    private final Module high;
    private final Module fusion;

    Right(int cut, Parts low, Parts high, Module fusion) {
      this.cut = cut;
      this.low = child("low", low.middle());
      this.head = child("head", low.head());
      this.high = child("high", high.middle());
      this.fusion = child("fusion", fusion);
    }

    @Override
    public Tensor forward(Tensor features) {
      Tensor lowMaps = low.forward(Ops.slice(features, 3, 0, cut));
      Tensor highMaps = high.forward(Ops.slice(features, 3, cut, features.dim(3)));
      Tensor both = Ops.flatten(Ops.concat(3, lowMaps, highMaps));
      return Ops.add(head.forward(lowMaps), fusion.forward(both));
    }
  }

  /**
   * Puts a network together of two.
   *
   * @param low what sees CA
   * @param high what sees CH, whose head is left away
   * @param rng draws the encoder and the fusion; none leaves zeros
   */
  Lwae(
      Architecture architecture,
      Classifier low,
      Classifier high,
      Device device,
      @Nullable Rng rng) {
    super(architecture);
    Parts ofLow = Parts.of(low);
    Parts ofHigh = Parts.of(high);
    this.encoder = child("encoder", new Encoder(device, rng));
    this.low = child("low", low);
    this.high = child("high", new Headless(high, ofHigh));
    this.fusion =
        child("fusion", fusion(architecture, ofLow.inputs() + ofHigh.inputs(), device, rng));
    this.left = new Left(encoder, ofLow.left(), ofHigh.left());
    this.right = new Right(low.featureChannels(), ofLow, ofHigh, fusion);
    this.featureChannels = low.featureChannels() + high.featureChannels();
  }

  private static Module fusion(
      Architecture architecture, int inputs, Device device, @Nullable Rng rng) {
    int classes = architecture.classes();
    if (TorchvisionSettings.hidden(architecture) == 0) {
      return new Linear(device, inputs, classes, true, rng);
    }
    int hidden = 2 * architecture.scaled(TorchvisionSettings.hidden(architecture));
    Rng ofDropout = rng == null ? new Rng(0) : rng;
    return new Sequential(
        new Linear(device, inputs, hidden, true, rng),
        new ReLU(),
        new Dropout(DROPOUT, ofDropout),
        new Linear(device, hidden, hidden, true, rng),
        new ReLU(),
        new Dropout(DROPOUT, ofDropout),
        new Linear(device, hidden, classes, true, rng));
  }

  /**
   * Returns what the network is called that looks at CA by a whole network.
   *
   * @param whole a ResNet or VGG
   * @throws IllegalArgumentException if it is another network
   */
  public static Architecture around(Architecture whole) {
    String name = PREFIX + whole.name();
    return new Architecture(Families.of(name), name, whole.classes(), whole.width(), whole.own());
  }

  @Override
  void arrange(StateDict stateDict, String prefix) {
    low.arrange(stateDict, prefix + "low.");
    if (TorchvisionSettings.hidden(architecture()) > 0) {
      stateDict.flattened(prefix + "fusion.0.weight", Vgg.POOLED, Vgg.POOLED);
    }
  }

  /** Returns the encoder. */
  public Encoder encoder() {
    return encoder;
  }

  /** Returns the whole network that sees CA. */
  public Classifier low() {
    return low;
  }

  /** Returns the narrow network that sees CH: from (n, h, w, 3) to its maps. */
  public Module high() {
    return high;
  }

  /** Returns what makes logits of the flattened maps of both. */
  public Module fusion() {
    return fusion;
  }

  /** Returns the logits, (n, classes), of what the encoder made and normalised. */
  public Tensor classify(Subbands subbands) {
    return right.forward(left.features(subbands));
  }

  @Override
  public Module left() {
    return left;
  }

  @Override
  public Module right() {
    return right;
  }

  @Override
  public int featureChannels() {
    return featureChannels;
  }

  /**
   * {@link Lwae}s around the networks of another family, one for each, with its name behind {@code
   * lwae-} and its settings.
   *
   * @param inner the other family
   */
  record OfFamily(Family inner) implements Family {
    private static final long LOW_STREAM = 1;
    private static final long HIGH_STREAM = 2;
    private static final long REST_STREAM = 3;

    @Override
    public List<String> names() {
      return inner.names().stream().map(name -> PREFIX + name).toList();
    }

    /** Returns the network that sees CA. */
    private Architecture whole(Architecture architecture) {
      return new Architecture(
          inner,
          innerName(architecture.name()),
          architecture.classes(),
          architecture.width(),
          architecture.own());
    }

    /** Returns the network that sees CH, but for its head. */
    private Architecture narrow(Architecture architecture) {
      Architecture whole = whole(architecture);
      return new Architecture(
          inner, whole.name(), whole.classes(), HIGH_WIDTH * whole.width(), whole.own());
    }

    private static String innerName(String name) {
      return name.substring(PREFIX.length());
    }

    @Override
    public Map<String, Object> settings(String name) {
      return inner.settings(innerName(name));
    }

    @Override
    public void check(Architecture architecture) {
      inner.check(whole(architecture));
      inner.check(narrow(architecture));
    }

    /** The networks for CA and CH as their family draws them; encoder by He, fusion as PyTorch. */
    @Override
    public Classifier build(Architecture architecture, Device device, @Nullable Rng rng) {
      return new Lwae(
          architecture,
          inner.build(whole(architecture), device, stream(rng, LOW_STREAM)),
          inner.build(narrow(architecture), device, stream(rng, HIGH_STREAM)),
          device,
          stream(rng, REST_STREAM));
    }

    private static @Nullable Rng stream(@Nullable Rng rng, long key) {
      return rng == null ? null : rng.split(key);
    }

    /** CA of a picture has half its side, rounded up. */
    @Override
    public int smallestSide(Architecture architecture) {
      return 2 * inner.smallestSide(whole(architecture)) - 1;
    }

    @Override
    public int normalisedSide(Architecture architecture, int side) {
      return inner.normalisedSide(whole(architecture), Math.ceilDiv(side, 2));
    }

    @Override
    public String describe(Architecture architecture) {
      return inner.describe(whole(architecture));
    }
  }
}
