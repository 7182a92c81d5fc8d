package dev.thumbnet.data;

import dev.thumbnet.data.image.RgbImage;
import java.util.List;
import java.util.function.Function;

/** Some pictures of a set, with all of its classes. */
final class Subset implements DataSet {
  private final DataSet source;
  private final int[] indices;

  /**
   * Makes a view, which keeps no picture of its own.
   *
   * @param indices those in the source, in the order wanted here; not copied
   */
  Subset(DataSet source, int[] indices) {
    this.source = source;
    this.indices = indices;
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public List<String> classes() {
    return source.classes();
  }

  @Override
  public int label(int index) {
    return source.label(indices[index]);
  }

  @Override
  public String name(int index) {
    return source.name(indices[index]);
  }

  @Override
  public RgbImage get(int index) {
    return source.get(indices[index]);
  }

  @Override
  public <T> T get(int index, Function<? super RgbImage, T> use) {
    return source.get(indices[index], use);
  }

  @Override
  public boolean exifOrientation() {
    return source.exifOrientation();
  }
}
