package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.model.layer.Muller;
import dev.thumbnet.model.layer.TalebiMilanfar;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds the layers of each kind of downscaler, from pictures to thumbnails; weights are zero. */
final class DownscalerLayers {
  /** Channels between the convolutions behind patches and first layers. */
  private static final int HIDDEN = 32;

  private DownscalerLayers() {}

  /**
   * Returns the layers of a kind; none if nothing is learnt.
   *
   * @param reduction one that there are downscalers of this kind for
   */
  static @Nullable Module of(DownscalerKind kind, Reduction reduction, Device device) {
    if (!kind.learned()) {
      return null;
    }
    int side = reduction.side();
    return switch (kind) {
      case BICUBIC, AREA, NEAREST -> null;
      case PLAIN, PLAIN_NEAR_BICUBIC, RESIDUAL -> two(5, 16, kind, side, device);
      case PLAIN_NO_BN, RESIDUAL_NO_BN -> two(5, 16, kind, side, device);
      case PLAIN_WIDE -> two(7, 8, kind, side, device);
      case RESIDUAL_LARGE -> three(side, device);
      case PATCH -> patch(side, device);
      case MULLER -> new Muller(side, device);
      case TALEBI_MILANFAR -> new TalebiMilanfar(side, device);
      case STEM, STEM_TUNED, NARROW_STEM, LAYER1, LAYER1_TUNED -> stem(kind, side, device);
    };
  }

  /** The second convolution shrinks what the first has not. */
  private static Module two(
      int kernel, int channels, DownscalerKind kind, int side, Device device) {
    int padding = kernel / 2;
    boolean normalised = kind.normalises();
    List<Module> layers = new ArrayList<>();
    layers.add(new Conv2d(device, 3, channels, kernel, 2, padding, !normalised, null));
    if (normalised) {
      layers.add(new BatchNorm2d(device, channels));
    }
    layers.add(new ReLU());
    layers.add(new Conv2d(device, channels, 3, kernel, side / 2, padding, true, null));
    return new Sequential(layers);
  }

  private static Module three(int side, Device device) {
    return new Sequential(
        new Conv2d(device, 3, 24, 7, 2, 3, false, null),
        new BatchNorm2d(device, 24),
        new ReLU(),
        new Conv2d(device, 24, 24, 5, side / 2, 2, false, null),
        new BatchNorm2d(device, 24),
        new ReLU(),
        new Conv2d(device, 24, 3, 3, 1, 1, true, null));
  }

  private static Module patch(int side, Device device) {
    return new Sequential(
        new Conv2d(device, 3, HIDDEN, side, side, 0, false, null),
        new BatchNorm2d(device, HIDDEN),
        new ReLU(),
        new Conv2d(device, HIDDEN, HIDDEN, 3, 1, 1, false, null),
        new BatchNorm2d(device, HIDDEN),
        new ReLU(),
        new Conv2d(device, HIDDEN, 3, 3, 1, 1, true, null));
  }

  private static Module stem(DownscalerKind kind, int side, Device device) {
    FirstLayers first = new FirstLayers(kind.hasLayer1(), side, device);
    if (kind.isFrozen()) {
      first.freeze();
    }
    return new Sequential(
        first,
        new Conv2d(device, FirstLayers.CHANNELS, HIDDEN, 3, 1, 1, false, null),
        new BatchNorm2d(device, HIDDEN),
        new ReLU(),
        new Conv2d(device, HIDDEN, 3, 3, 1, 1, true, null));
  }
}
