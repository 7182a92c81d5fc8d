package dev.thumbnet.engine.io;

import java.util.stream.LongStream;

/**
 * How the elements of a tensor of this engine are arranged in PyTorch: the engine's array has some
 * axes (for a flattened picture more than the tensor has), and PyTorch's has the same axes in
 * another order.
 *
 * @param axes extents of the engine's axes
 * @param order which of them is PyTorch's first, second and so on
 * @param torchShape the shape of PyTorch's tensor
 */
record Layout(int[] axes, int[] order, long[] torchShape) {
  /** A tensor that PyTorch arranges alike. */
  static Layout same(int[] shape) {
    int[] order = new int[shape.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    return new Layout(shape, order, toLongs(shape));
  }

  /** Convolution weight: (kh, kw, in, out) is (out, in, kh, kw). */
  static Layout convolution(int[] shape) {
    return permuted(shape, 3, 2, 0, 1);
  }

  /** Weight of a linear layer: (in, out) is (out, in). */
  static Layout linear(int[] shape) {
    return permuted(shape, 1, 0);
  }

  /**
   * Weight of a linear layer whose input is a flattened picture: (h · w · c, out) is (out, c · h ·
   * w).
   */
  static Layout linearAfterPicture(int[] shape, int height, int width) {
    int channels = shape[0] / (height * width);
    return new Layout(
        new int[] {height, width, channels, shape[1]},
        new int[] {3, 2, 0, 1},
        new long[] {shape[1], shape[0]});
  }

  private static Layout permuted(int[] shape, int... order) {
    long[] torchShape = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      torchShape[i] = shape[order[i]];
    }
    return new Layout(shape, order, torchShape);
  }

  private static long[] toLongs(int[] shape) {
    return LongStream.range(0, shape.length).map(i -> shape[(int) i]).toArray();
  }

  /** Returns PyTorch's elements in the engine's order. */
  float[] fromTorch(float[] torch) {
    float[] values = new float[torch.length];
    int[] position = new int[axes.length];
    long[] strides = strides();
    for (int i = 0; i < torch.length; i++) {
      values[(int) engineIndex(position, strides)] = torch[i];
      advance(position);
    }
    return values;
  }

  /** Returns the engine's elements in PyTorch's order. */
  float[] toTorch(float[] values) {
    float[] torch = new float[values.length];
    int[] position = new int[axes.length];
    long[] strides = strides();
    for (int i = 0; i < torch.length; i++) {
      torch[i] = values[(int) engineIndex(position, strides)];
      advance(position);
    }
    return torch;
  }

  /** The distances in the engine's array of neighbours along PyTorch's axes. */
  private long[] strides() {
    long[] engine = new long[axes.length];
    long stride = 1;
    for (int a = axes.length - 1; a >= 0; a--) {
      engine[a] = stride;
      stride *= axes[a];
    }
    long[] torch = new long[axes.length];
    for (int a = 0; a < axes.length; a++) {
      torch[a] = engine[order[a]];
    }
    return torch;
  }

  private static long engineIndex(int[] position, long[] strides) {
    long index = 0;
    for (int a = 0; a < position.length; a++) {
      index += position[a] * strides[a];
    }
    return index;
  }

  /** Moves a position along PyTorch's axes to the next element. */
  private void advance(int[] position) {
    for (int a = position.length - 1; a >= 0; a--) {
      position[a]++;
      if (position[a] < axes[order[a]]) {
        return;
      }
      position[a] = 0;
    }
  }
}
