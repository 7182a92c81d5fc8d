package dev.thumbnet.engine.io;

import java.util.stream.LongStream;

/**
 * How the elements of a tensor of this engine are arranged in PyTorch and ONNX: the engine's array
 * has some axes (for a flattened picture more than the tensor has), and PyTorch's has the same axes
 * in another order. If the orders differ, the outputs are the engine's last axis and PyTorch's
 * first.
 *
 * @param axes extents of the engine's axes
 * @param order which of them is PyTorch's first, second and so on
 * @param torchShape the shape of PyTorch's tensor
 */
public record Layout(int[] axes, int[] order, long[] torchShape) {
  /** Outputs that are moved together: as many floats as a line of the cache has. */
  private static final int BLOCK = 16;

  /** A tensor that PyTorch arranges alike. */
  public static Layout same(int[] shape) {
    int[] order = new int[shape.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    return new Layout(shape, order, toLongs(shape));
  }

  /**
   * Convolution weight: (kh, kw, in, out) is (out, in, kh, kw). That of a transposed convolution is
   * the weight of the convolution that is transposed, in both.
   */
  public static Layout convolution(int[] shape) {
    return permuted(shape, 3, 2, 0, 1);
  }

  /** Weight of a linear layer: (in, out) is (out, in). */
  public static Layout linear(int[] shape) {
    return permuted(shape, 1, 0);
  }

  /**
   * Weight of a linear layer whose input is a flattened picture: (h · w · c, out) is (out, c · h ·
   * w).
   */
  public static Layout linearAfterPicture(int[] shape, int height, int width) {
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

  /** Reads a tensor of this layout and returns its elements in the engine's order. */
  float[] fromTorch(SafeTensors.Entry entry) {
    if (same()) {
      return entry.floats();
    }
    int[] places = places();
    float[] values = new float[places.length * outputs()];
    float[] torch = new float[Math.min(values.length, BLOCK * places.length)];
    entry.floats(
        torch,
        (from, count) -> {
          int first = from / places.length;
          int outputs = count / places.length;
          for (int i = 0; i < places.length; i++) {
            for (int o = 0; o < outputs; o++) {
              values[places[i] + first + o] = torch[o * places.length + i];
            }
          }
        });
    return values;
  }

  /**
   * Returns the engine's elements in PyTorch's order: a new array, or the same if it is the same.
   */
  public float[] toTorch(float[] values) {
    if (same()) {
      return values;
    }
    float[] torch = new float[values.length];
    int[] places = places();
    for (int first = 0; first < outputs(); first += BLOCK) {
      int end = Math.min(outputs(), first + BLOCK);
      for (int i = 0; i < places.length; i++) {
        for (int o = first; o < end; o++) {
          torch[o * places.length + i] = values[places[i] + o];
        }
      }
    }
    return torch;
  }

  /** Returns where in PyTorch's tensor the element of an index of the engine's array is. */
  long[] torchIndex(int index) {
    int[] position = new int[axes.length];
    for (int a = axes.length - 1, rest = index; a >= 0; a--) {
      position[a] = rest % axes[a];
      rest /= axes[a];
    }
    long flat = 0;
    for (int axis : order) {
      flat = flat * axes[axis] + position[axis];
    }
    long[] place = new long[torchShape.length];
    for (int a = place.length - 1; a >= 0; a--) {
      place[a] = flat % torchShape[a];
      flat /= torchShape[a];
    }
    return place;
  }

  private boolean same() {
    for (int i = 0; i < order.length; i++) {
      if (order[i] != i) {
        return false;
      }
    }
    return true;
  }

  /** The extent of the axis of outputs, the engine's last and PyTorch's first. */
  private int outputs() {
    return axes[axes.length - 1];
  }

  /** Where the elements of PyTorch's first output are in the engine's array. */
  private int[] places() {
    int[] strides = new int[axes.length];
    int stride = 1;
    for (int a = axes.length - 1; a >= 0; a--) {
      strides[a] = stride;
      stride *= axes[a];
    }
    int[] places = new int[stride / outputs()];
    int[] position = new int[order.length];
    for (int i = 0; i < places.length; i++) {
      for (int a = 1; a < order.length; a++) {
        places[i] += position[a] * strides[order[a]];
      }
      advance(position);
    }
    return places;
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
