package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.backend.problem.Padding;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Conv2dOptions;
import java.util.List;

/**
 * What a convolution is made of: itself, or smaller ones in a row, whose weights multiply to a
 * weight of low rank. Together they take and give the same maps: stride and padding are shared out,
 * and none but the last has a bias. The text of each is what the setting {@code factors} of an
 * architecture has for a convolution.
 */
public sealed interface Factors {

  /** The convolution itself, kh x kw; its text is {@code -}. */
  record Whole() implements Factors {
    @Override
    public String toString() {
      return "-";
    }
  }

  /**
   * kh x kw to few channels with stride and padding, then 1x1; its text is {@code svd:rank}.
   *
   * @param rank channels in between, at most min(kh · kw · in, out)
   */
  record Svd(int rank) implements Factors {
    /** Checks the rank. */
    public Svd {
      checkPositive(rank);
    }

    @Override
    public String toString() {
      return "svd:" + rank;
    }
  }

  /**
   * kh x 1 with the vertical stride and padding, then 1 x kw with the horizontal ones (Jaderberg et
   * al. 2014); its text is {@code spatial:rank}.
   *
   * @param rank channels in between, at most min(kh · in, kw · out)
   */
  record Spatial(int rank) implements Factors {
    /** Checks the rank. */
    public Spatial {
      checkPositive(rank);
    }

    @Override
    public String toString() {
      return "spatial:" + rank;
    }
  }

  /**
   * 1x1 to fewer channels, kh x kw with stride and padding, 1x1 to all channels (Tucker-2; Kim et
   * al. 2016); its text is {@code tucker:} with both ranks and an x between.
   *
   * @param in channels that the convolution in the middle takes, at most all
   * @param out channels that it gives, at most all
   */
  record Tucker(int in, int out) implements Factors {
    /** Checks the ranks. */
    public Tucker {
      checkPositive(in);
      checkPositive(out);
    }

    @Override
    public String toString() {
      return "tucker:" + in + "x" + out;
    }
  }

  private static void checkPositive(int rank) {
    if (rank < 1) {
      throw new IllegalArgumentException("a rank is at least 1, not " + rank);
    }
  }

  /**
   * Makes the convolutions, with weights of zeros.
   *
   * @param whole the convolution that they stand for; it may be on the meta device
   * @throws IllegalArgumentException if a rank is above the largest that its weight can have, or it
   *     has groups or a dilation, with which only itself can stand for it
   */
  default List<Conv2d> layers(Device device, Conv2d whole) {
    Shape weight = whole.weight().tensor().shape();
    Conv2dOptions slide = whole.options();
    boolean bias = whole.bias() != null;
    int kh = weight.dim(0);
    int kw = weight.dim(1);
    int in = weight.dim(2) * slide.groups();
    int out = weight.dim(3);
    checkFits(whole);
    return switch (this) {
      case Whole() -> List.of(new Conv2d(device, in, out, kh, kw, slide, bias, null));
      case Svd(int rank) ->
          List.of(
              new Conv2d(device, in, rank, kh, kw, slide, false, null),
              new Conv2d(device, rank, out, 1, 1, 0, bias, null));
      case Spatial(int rank) ->
          List.of(
              new Conv2d(device, in, rank, kh, 1, vertical(slide), false, null),
              new Conv2d(device, rank, out, 1, kw, horizontal(slide), bias, null));
      case Tucker(int fewerIn, int fewerOut) ->
          List.of(
              new Conv2d(device, in, fewerIn, 1, 1, 0, false, null),
              new Conv2d(device, fewerIn, fewerOut, kh, kw, slide, false, null),
              new Conv2d(device, fewerOut, out, 1, 1, 0, bias, null));
    };
  }

  /** Returns the {@link #layers} as one module: the convolution itself, or a chain. */
  default Module module(Device device, Conv2d whole) {
    List<Conv2d> layers = layers(device, whole);
    return layers.size() == 1 ? layers.getFirst() : new Sequential(layers);
  }

  private void checkFits(Conv2d whole) {
    Shape weight = whole.weight().tensor().shape();
    int kh = weight.dim(0);
    int kw = weight.dim(1);
    int in = weight.dim(2);
    int out = weight.dim(3);
    boolean fits =
        switch (this) {
          case Whole() -> true;
          case Svd(int rank) -> isPlain(whole) && rank <= Math.min(kh * kw * in, out);
          case Spatial(int rank) -> isPlain(whole) && rank <= Math.min(kh * in, kw * out);
          case Tucker(int fewerIn, int fewerOut) ->
              isPlain(whole) && fewerIn <= in && fewerOut <= out;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "a convolution with a weight of shape " + weight + " cannot be made of " + this);
    }
  }

  /** Tells whether a convolution has one group and no dilation. */
  private static boolean isPlain(Conv2d whole) {
    Conv2dOptions slide = whole.options();
    return slide.groups() == 1 && slide.dilationH() == 1 && slide.dilationW() == 1;
  }

  private static Conv2dOptions vertical(Conv2dOptions slide) {
    Padding around = slide.padding();
    Padding padding = new Padding(around.top(), 0, around.bottom(), 0);
    return new Conv2dOptions(slide.strideH(), 1, padding, 1, 1, 1);
  }

  private static Conv2dOptions horizontal(Conv2dOptions slide) {
    Padding around = slide.padding();
    Padding padding = new Padding(0, around.left(), 0, around.right());
    return new Conv2dOptions(1, slide.strideW(), padding, 1, 1, 1);
  }
}
