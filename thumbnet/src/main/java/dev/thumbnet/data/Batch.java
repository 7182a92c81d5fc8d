package dev.thumbnet.data;

/**
 * Some pictures as a network takes them. Lent by a {@link Loader}: valid until the loader's next
 * call of {@link Loader#next}, {@link Loader#startEpoch} or {@link Loader#close}, after which the
 * arrays are filled anew. All arrays have exactly the length that belongs to {@link #size()}.
 */
public final class Batch {
  private final int side;
  private final float[] pixels;
  private final int[] labels;
  private final int[] indices;

  Batch(int size, int side) {
    this.side = side;
    this.pixels = new float[size * side * side * 3];
    this.labels = new int[size];
    this.indices = new int[size];
  }

  /** Number of pictures. */
  public int size() {
    return labels.length;
  }

  /** Width and height of the pictures. */
  public int side() {
    return side;
  }

  /** The normalised pictures, shape (size, side, side, 3). */
  public float[] pixels() {
    return pixels;
  }

  /** The class of each picture. */
  public int[] labels() {
    return labels;
  }

  /** Where in its set each picture is. */
  public int[] indices() {
    return indices;
  }
}
