package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Fills tensors with starting values. Weights have their output channels on the last axis and their
 * input channels on the axis before. The same generator gives the same values on every device.
 */
public final class Init {
  /** Which side of a weight sets the spread of its values. */
  public enum Fan {
    /** Inputs of each output: kh · kw · cin / groups. Keeps the size of activations. */
    IN,
    /** Outputs of each input: kh · kw · cout. Keeps the size of gradients. */
    OUT
  }

  private Init() {}

  /** Sets all elements to one value. */
  public static void constant(Tensor t, double value) {
    t.fill(() -> value);
  }

  /** Draws from the normal distribution of mean 0. */
  public static void normal(Tensor t, double deviation, Rng rng) {
    t.fill(() -> deviation * rng.nextGaussian());
  }

  /** Draws from the uniform distribution over [−bound, bound). */
  public static void uniform(Tensor t, double bound, Rng rng) {
    t.fill(() -> bound * (2 * rng.nextDouble() - 1));
  }

  /** Normal with deviation √(2 / fan), for layers followed by ReLU (He et al. 2015). */
  public static void kaimingNormal(Tensor weight, Fan fan, Rng rng) {
    normal(weight, Math.sqrt(2.0 / size(weight.shape(), fan)), rng);
  }

  /** Uniform within ±√(6 / fan), of the same deviation as {@link #kaimingNormal}. */
  public static void kaimingUniform(Tensor weight, Fan fan, Rng rng) {
    uniform(weight, Math.sqrt(6.0 / size(weight.shape(), fan)), rng);
  }

  /**
   * PyTorch's default for convolutions and linear layers: weight and bias uniform within ±1 / √(fan
   * in).
   */
  public static void pytorchDefault(Tensor weight, @Nullable Tensor bias, Rng rng) {
    double bound = 1 / Math.sqrt(size(weight.shape(), Fan.IN));
    uniform(weight, bound, rng);
    if (bias != null) {
      uniform(bias, bound, rng);
    }
  }

  private static int size(Shape weight, Fan fan) {
    if (weight.rank() < 2) {
      throw new IllegalArgumentException(
          "a weight has axes (.., in, out), but the shape is " + weight);
    }
    int receptive = weight.size(0, weight.rank() - 2);
    return receptive * weight.dim(fan == Fan.IN ? -2 : -1);
  }
}
