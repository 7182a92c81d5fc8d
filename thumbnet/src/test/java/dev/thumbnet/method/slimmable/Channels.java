package dev.thumbnet.method.slimmable;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.model.Classifier;

/** Where the first channels of a network stand in its weights, found element by element. */
final class Channels {
  /** Side of the maps that a VGG flattens before its hidden layers. */
  private static final int PLACES = 7 * 7;

  private Channels() {}

  /**
   * Returns for each element of a narrow weight, row by row, its index in the wide one.
   *
   * @param name of the weight
   */
  static int[] positions(String name, Tensor wide, Tensor narrow) {
    int[] to = dims(name, narrow);
    int[] of = dims(name, wide);
    int[] positions = new int[narrow.size()];
    for (int i = 0; i < positions.length; i++) {
      int rest = i;
      int stride = 1;
      for (int axis = to.length - 1; axis >= 0; axis--) {
        positions[i] += rest % to[axis] * stride;
        rest /= to[axis];
        stride *= of[axis];
      }
    }
    return positions;
  }

  private static int[] dims(String name, Tensor weight) {
    return name.equals("classifier.0.weight")
        ? new int[] {PLACES, weight.dim(0) / PLACES, weight.dim(1)}
        : weight.shape().toArray();
  }

  /** Copies the first channels of a wide network's parameters into a narrow one. */
  static void copy(Classifier wide, Classifier narrow) {
    narrow
        .namedParameters()
        .forEach(
            (name, p) -> {
              Tensor from = wide.namedParameters().get(name).tensor();
              int[] positions = positions(name, from, p.tensor());
              double[] all = from.toDoubleArray();
              double[] first = new double[positions.length];
              for (int i = 0; i < first.length; i++) {
                first[i] = all[positions[i]];
              }
              p.tensor().copyFrom(first);
            });
  }

  /** Gives normalisation scales and shifts as after a training. */
  static void scramble(Module network, Rng rng) {
    for (Module m : network.modules()) {
      if (m instanceof BatchNorm2d norm) {
        norm.weight().tensor().fill(() -> 0.7 + 0.6 * rng.nextDouble());
        norm.bias().tensor().fill(() -> 0.2 * rng.nextGaussian());
      }
    }
  }

  /** Returns random pictures (n, side, side, 3). */
  static double[] pictures(int n, int side) {
    Rng rng = new Rng(8);
    double[] pictures = new double[n * side * side * 3];
    for (int i = 0; i < pictures.length; i++) {
      pictures[i] = rng.nextGaussian();
    }
    return pictures;
  }
}
