package dev.thumbnet.data.image;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadProgressListener;

/**
 * Ends the decoding of one picture when its time is over or its thread is interrupted: the stream,
 * the reader's progress and our own loops ask it all the time. Belongs to one thread.
 */
final class DecodeWatch implements IIOReadProgressListener {
  /** How many pixels are passed over between two looks at the clock. */
  private static final int PIXELS = 1 << 16;

  private final String name;
  private final long begin = System.nanoTime();
  private final Duration timeout;
  private final long timeoutNanos;
  private int pixels;

  DecodeWatch(String name, Duration timeout) {
    this.name = name;
    this.timeout = timeout;
    long most = Long.MAX_VALUE / 2;
    this.timeoutNanos = timeout.compareTo(Duration.ofNanos(most)) > 0 ? most : timeout.toNanos();
  }

  /** What the picture is called. */
  String name() {
    return name;
  }

  /** Nanoseconds until the time is over; negative afterwards. */
  long left() {
    return timeoutNanos - (System.nanoTime() - begin);
  }

  /**
   * Goes on, or does not.
   *
   * @throws ImageException if the time is over
   * @throws CancellationException if the thread is interrupted, which it stays
   */
  void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException(name + ": the thread was interrupted while it decoded");
    }
    if (left() < 0) {
      throw timeout("not decoded within");
    }
  }

  /** The time was over. */
  ImageException timeout(String what) {
    return ImageException.temporary(
        name,
        what
            + " the "
            + timeout.toMillis() / 1000.0
            + " s that it may take; try again, or give"
            + " decoding more time");
  }

  /** As {@link #check}, after work on some pixels; looks at the clock now and then. */
  void check(int worked) {
    pixels += worked;
    if (pixels >= PIXELS) {
      pixels = 0;
      check();
    }
  }

  @Override
  public void imageProgress(ImageReader source, float percent) {
    check(PIXELS / 64);
  }

  @Override
  public void imageStarted(ImageReader source, int index) {
    check();
  }

  @Override
  public void imageComplete(ImageReader source) {
    // The picture is there.
  }

  @Override
  public void sequenceStarted(ImageReader source, int index) {
    // There is one picture only.
  }

  @Override
  public void sequenceComplete(ImageReader source) {
    // There is one picture only.
  }

  @Override
  public void thumbnailStarted(ImageReader source, int index, int thumbnail) {
    // Nobody asked for a thumbnail.
  }

  @Override
  public void thumbnailProgress(ImageReader source, float percent) {
    // Nobody asked for a thumbnail.
  }

  @Override
  public void thumbnailComplete(ImageReader source) {
    // Nobody asked for a thumbnail.
  }

  @Override
  public void readAborted(ImageReader source) {
    // Only an exception ends a reader here.
  }
}
