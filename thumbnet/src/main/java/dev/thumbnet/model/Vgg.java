package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.io.StateDict;
import dev.thumbnet.engine.nn.AdaptiveAvgPool2d;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Dropout;
import dev.thumbnet.engine.nn.Flatten;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.MaxPool2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Conv2dOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * VGG networks (Simonyan and Zisserman 2015) of 11, 13, 16 and 19 layers, with and without batch
 * normalisation, with torchvision's names. Two heads: torchvision's, which averages to 7x7 and has
 * two hidden layers with dropout, or a global average and one linear layer {@code classifier}. The
 * left segment ends after the third pool. Convolutions but the last may have fewer channels than is
 * usual, see {@link #innerConvolutions}.
 */
public final class Vgg extends Classifier {
  /** Stands for a max pool among the numbers of channels. */
  private static final int POOL = 0;

  /** The numbers of channels, by the numbers of layers in names. */
  private static final Map<String, int[]> CHANNELS = new LinkedHashMap<>();

  static {
    CHANNELS.put("vgg11", channels(1, 1, 2, 2, 2));
    CHANNELS.put("vgg13", channels(2, 2, 2, 2, 2));
    CHANNELS.put("vgg16", channels(2, 2, 3, 3, 3));
    CHANNELS.put("vgg19", channels(2, 2, 4, 4, 4));
  }

  private static final String NORMALIZED = "_bn";

  /** Side length of the maps that the head with hidden layers flattens. */
  static final int POOLED = 7;

  private static final int POOLS_LEFT = 3;
  private static final double DROPOUT = 0.5;

  private final Convolutions convolutions;
  private final Sequential left;
  private final Sequential right;
  private final int featureChannels;
  private final List<InnerConvolution> inner;

  /** Returns the numbers of channels for so many convolutions before each of the five pools. */
  private static int[] channels(int... convolutions) {
    List<Integer> channels = new ArrayList<>();
    for (int i = 0; i < convolutions.length; i++) {
      channels.addAll(Collections.nCopies(convolutions[i], Math.min(64 << i, 512)));
      channels.add(POOL);
    }
    return channels.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Returns the names of all networks. */
  static List<String> names() {
    return CHANNELS.keySet().stream().flatMap(n -> Stream.of(n, n + NORMALIZED)).toList();
  }

  /**
   * Returns the channels of all convolutions but the last, in their order.
   *
   * @throws IllegalArgumentException if the setting does not fit them
   */
  static List<Integer> innerChannels(Architecture architecture) {
    List<Integer> usual =
        Arrays.stream(plan(architecture))
            .filter(channels -> channels != POOL)
            .mapToObj(architecture::scaled)
            .toList();
    return TorchvisionSettings.innerChannels(architecture, usual.subList(0, usual.size() - 1));
  }

  private static int[] plan(Architecture architecture) {
    return Objects.requireNonNull(CHANNELS.get(architecture.name().replace(NORMALIZED, "")));
  }

  /** Makes a network whose weights are zero; rng is for dropout. */
  Vgg(Architecture architecture, Device device, Rng rng) {
    super(architecture);
    this.convolutions = new Convolutions(architecture, device);
    Sequential features = child("features", features(architecture, convolutions, device));
    int last = architecture.scaled(512);
    int cut = cut(features.layers());
    List<Module> rest = new ArrayList<>(features.layers().subList(cut, features.layers().size()));
    if (TorchvisionSettings.hidden(architecture) == 0) {
      rest.add(new AdaptiveAvgPool2d(1, 1));
      rest.add(new Flatten());
      rest.add(child("classifier", new Linear(device, last, architecture.classes(), true, null)));
    } else {
      rest.add(new AdaptiveAvgPool2d(POOLED, POOLED));
      rest.add(new Flatten());
      rest.add(child("classifier", head(architecture, last * POOLED * POOLED, device, rng)));
    }
    this.left = new Sequential(features.layers().subList(0, cut));
    this.right = new Sequential(rest);
    this.inner = inner(features.layers());
    this.featureChannels = channels(features.layers().subList(0, cut));
  }

  private static Sequential features(
      Architecture architecture, Convolutions convolutions, Device device) {
    List<Module> layers = new ArrayList<>();
    boolean normalized = architecture.name().endsWith(NORMALIZED);
    Iterator<Integer> inner = innerChannels(architecture).iterator();
    int in = 3;
    for (int channels : plan(architecture)) {
      if (channels == POOL) {
        layers.add(new MaxPool2d(2, 2, 0));
        continue;
      }
      int out = inner.hasNext() ? inner.next() : architecture.scaled(channels);
      layers.add(convolutions.next(in, out, 3, Conv2dOptions.of(1, 1), true));
      if (normalized) {
        layers.add(new BatchNorm2d(device, out));
      }
      layers.add(new ReLU());
      in = out;
    }
    convolutions.checkAll();
    return new Sequential(layers);
  }

  private static List<InnerConvolution> inner(List<Module> layers) {
    List<InnerConvolution> inner = new ArrayList<>();
    int before = -1;
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i) instanceof Sequential) {
        return List.of(); // factors of a convolution
      }
      if (layers.get(i) instanceof Conv2d) {
        if (before >= 0) {
          inner.add(
              new InnerConvolution(
                  name(before),
                  layers.get(before + 1) instanceof BatchNorm2d
                      ? Optional.of(name(before + 1))
                      : Optional.empty(),
                  name(i),
                  channels(layers.subList(0, i))));
        }
        before = i;
      }
    }
    return List.copyOf(inner);
  }

  private static String name(int layer) {
    return "features." + layer;
  }

  /** Returns the channels of what layers give: those of the last convolution among them. */
  private static int channels(List<Module> layers) {
    int channels = 3;
    for (Module layer : layers) {
      Module last = layer instanceof Sequential factors ? factors.layers().getLast() : layer;
      if (last instanceof Conv2d conv) {
        channels = conv.weight().tensor().dim(-1);
      }
    }
    return channels;
  }

  private static Sequential head(Architecture architecture, int in, Device device, Rng rng) {
    int hidden = architecture.scaled(TorchvisionSettings.hidden(architecture));
    return new Sequential(
        new Linear(device, in, hidden, true, null),
        new ReLU(),
        new Dropout(DROPOUT, rng),
        new Linear(device, hidden, hidden, true, null),
        new ReLU(),
        new Dropout(DROPOUT, rng),
        new Linear(device, hidden, architecture.classes(), true, null));
  }

  /** Returns the index after the last layer of the left segment. */
  private static int cut(List<Module> layers) {
    int pools = 0;
    for (int i = 0; i < layers.size(); i++) {
      pools += layers.get(i) instanceof MaxPool2d ? 1 : 0;
      if (pools == POOLS_LEFT) {
        return i + 1;
      }
    }
    throw new AssertionError("fewer than " + POOLS_LEFT + " pools");
  }

  @Override
  void arrange(StateDict stateDict, String prefix) {
    if (TorchvisionSettings.hidden(architecture()) > 0) {
      stateDict.flattened(prefix + "classifier.0.weight", POOLED, POOLED);
    }
  }

  @Override
  public List<InnerConvolution> innerConvolutions() {
    return inner;
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

  @Override
  public List<Module> convolutions() {
    return convolutions.all();
  }
}
