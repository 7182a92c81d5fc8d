package dev.thumbnet.data;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import java.util.Arrays;

/**
 * Some pictures of a set as a network takes them. What there is to know about them beside their
 * pixels is asked of the set. Lent by a {@link Loader}: valid until the loader's next call of
 * {@link Loader#next}, {@link Loader#startEpoch} or {@link Loader#close}, after which the arrays
 * are filled anew. All arrays have exactly the length that belongs to {@link #size()}.
 */
public final class Batch {
  private final DataSet set;
  private final int side;
  private final float[] pixels;
  private final int[] indices;

  Batch(DataSet set, int size, int side) {
    this.set = set;
    this.side = side;
    this.pixels = new float[size * side * side * 3];
    this.indices = new int[size];
  }

  /** Number of pictures. */
  public int size() {
    return indices.length;
  }

  /** Width and height of the pictures. */
  public int side() {
    return side;
  }

  /** The normalised pictures, shape (size, side, side, 3). */
  public float[] pixels() {
    return pixels;
  }

  /** Returns the pictures as a new tensor. */
  public Tensor on(Device device) {
    return Tensor.of(device, pixels, size(), side, side, 3);
  }

  /** The class of each picture, as the set says. */
  public int[] labels() {
    return Arrays.stream(indices).map(set::label).toArray();
  }

  /** Where in its set each picture is. */
  public int[] indices() {
    return indices;
  }
}
