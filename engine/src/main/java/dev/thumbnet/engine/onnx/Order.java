package dev.thumbnet.engine.onnx;

import dev.thumbnet.engine.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The order of axes of values: channels are last in the engine, (n, h, w, c), and second in ONNX,
 * (n, c, h, w). Matrices are alike in both.
 */
final class Order {
  private Order() {}

  /** Returns which axis of ONNX one of the engine is. */
  static int axis(int axis, int rank) {
    if (rank < 3 || axis == 0) {
      return axis;
    }
    return axis == rank - 1 ? 1 : axis + 1;
  }

  /** Returns which of the engine's axes is ONNX's first, second and so on. */
  static int[] of(int rank) {
    int[] order = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      order[axis(axis, rank)] = axis;
    }
    return order;
  }

  /** Returns which of ONNX's axes is the engine's first, second and so on. */
  static int[] back(int rank) {
    return IntStream.range(0, rank).map(axis -> axis(axis, rank)).toArray();
  }

  /** Returns the extents in ONNX's order. */
  static int[] extents(Shape shape) {
    return IntStream.of(of(shape.rank())).map(shape::dim).toArray();
  }

  /** Returns the extents in ONNX's order. */
  static long[] longs(Shape shape) {
    return IntStream.of(extents(shape)).asLongStream().toArray();
  }

  /** Tells whether elements change places, which they do not along axes of one element. */
  static boolean moves(Shape shape) {
    int rank = shape.rank();
    return rank > 2 && shape.size(1, rank - 1) > 1 && shape.dim(-1) > 1;
  }

  /** Returns elements of the engine's order in ONNX's. */
  static float[] channelsSecond(Shape shape, float[] elements) {
    if (!moves(shape)) {
      return elements;
    }
    int channels = shape.dim(-1);
    int pixels = shape.size(1, shape.rank() - 1);
    float[] ordered = new float[shape.size()];
    for (int i = 0; i < ordered.length; i++) {
      int pixel = i / channels;
      ordered[(pixel / pixels * channels + i % channels) * pixels + pixel % pixels] = elements[i];
    }
    return ordered;
  }

  /** Returns the permutation of ONNX's axes that is one of the engine's. */
  static int[] permuted(List<Integer> axes) {
    int rank = axes.size();
    return IntStream.of(of(rank)).map(axis -> axis(axes.get(axis), rank)).toArray();
  }
}
