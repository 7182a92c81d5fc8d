package dev.thumbnet.data;

import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.data.transform.Resize;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/**
 * Keeps decoded pictures in memory, up to a number of bytes, so that later epochs need not decode
 * again. Pictures for which there is no room are fetched anew each time; what {@link #get} returns
 * is the same either way. Thread-safe.
 */
public final class CachedPictures implements DataSet {
  private final DataSet source;
  private final int shortSide;
  private final AtomicReferenceArray<RgbImage> kept;
  private final AtomicLong room;

  /**
   * Keeps pictures as they are.
   *
   * @param maxBytes how much memory the pictures may take, 3 bytes per pixel
   */
  public CachedPictures(DataSet source, long maxBytes) {
    this(source, 0, maxBytes);
  }

  /**
   * Shrinks pictures whose short side is longer than {@code shortSide} to that size, bilinear with
   * antialiasing as {@link Resize} does, and keeps the result. Random crops are then taken from the
   * smaller picture: faster, and a little less sharp than from the original.
   *
   * @param shortSide wanted short side in pixels; 0 to keep every size
   * @param maxBytes how much memory the pictures may take, 3 bytes per pixel
   * @throws IllegalArgumentException if a number is negative
   */
  public CachedPictures(DataSet source, int shortSide, long maxBytes) {
    if (shortSide < 0 || maxBytes < 0) {
      throw new IllegalArgumentException(
          "neither may be negative: shortSide " + shortSide + ", maxBytes " + maxBytes);
    }
    this.source = source;
    this.shortSide = shortSide;
    this.kept = new AtomicReferenceArray<>(source.size());
    this.room = new AtomicLong(maxBytes);
  }

  @Override
  public RgbImage get(int index) {
    return get(index, image -> image);
  }

  @Override
  public <T> T get(int index, Function<? super RgbImage, T> use) {
    RgbImage image = kept.get(index);
    return image == null
        ? source.get(index, full -> use.apply(keep(index, shrunk(full))))
        : use.apply(image);
  }

  private RgbImage shrunk(RgbImage image) {
    boolean large = shortSide > 0 && Math.min(image.width(), image.height()) > shortSide;
    return large ? new Resize(shortSide).resize(image) : image;
  }

  private RgbImage keep(int index, RgbImage image) {
    long bytes = image.data().length;
    if (room.addAndGet(-bytes) < 0 || !kept.compareAndSet(index, null, image)) {
      room.addAndGet(bytes);
    }
    return image;
  }

  @Override
  public int size() {
    return source.size();
  }

  @Override
  public List<String> classes() {
    return source.classes();
  }

  @Override
  public int label(int index) {
    return source.label(index);
  }

  @Override
  public String name(int index) {
    return source.name(index);
  }

  @Override
  public boolean exifOrientation() {
    return source.exifOrientation();
  }
}
