package dev.thumbnet;

import dev.thumbnet.data.image.DecodeLimits;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.io.SafeTensorsException;
import dev.thumbnet.engine.plan.Plan;
import dev.thumbnet.pipeline.ModelException;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.TrainedDownscaler;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;

/**
 * Makes thumbnails with the downscaler of a model alone, where pictures come in and are classified
 * later or elsewhere: of the model's file only the few kilobytes of the downscaler are read. Any
 * number of threads may use one at once; there is nothing to close.
 *
 * <pre>{@code
 * Thumbnailer thumbnailer = Thumbnailer.load(Path.of("student.safetensors"));
 * thumbnailer.thumbnail(Path.of("cat.jpg")).writePng(Path.of("cat-small.png"));
 * }</pre>
 */
public final class Thumbnailer {
  private final Preprocessing shown;
  private final ImageDecoder decoder;
  private final int side;
  private final Plan plan;

  /** Makes a thumbnailer of a downscaler, which is compiled for single pictures. */
  public Thumbnailer(TrainedDownscaler downscaler) {
    shown = downscaler.preprocessing();
    decoder = shown.decoder();
    side = downscaler.network().reduction().reduce(shown.size());
    plan =
        Plan.compile(
            downscaler.network(), downscaler.device(), Shape.of(1, shown.size(), shown.size(), 3));
  }

  private Thumbnailer(Thumbnailer other, DecodeLimits limits) {
    shown = other.shown;
    decoder = new ImageDecoder(limits, shown.exifOrientation());
    side = other.side;
    plan = other.plan;
  }

  /**
   * Returns the same thumbnailer with other limits for pictures in files and bytes, at no cost: a
   * service may give each request what is left of its time.
   */
  public Thumbnailer within(DecodeLimits limits) {
    return new Thumbnailer(this, limits);
  }

  /**
   * Reads the downscaler of a model that was trained by the command line or saved, and uses all
   * processors.
   *
   * @throws SafeTensorsException if the file cannot be read or is damaged
   * @throws ModelException if it is no model of this program, or one that takes full pictures
   */
  public static Thumbnailer load(Path file) {
    return load(file, Device.cpu());
  }

  /** As {@link #load(Path)}, with a device of the application's choice. */
  public static Thumbnailer load(Path file, Device device) {
    return new Thumbnailer(TrainedDownscaler.load(file, device));
  }

  /**
   * Reads the downscaler of a model from a stream, to its end. The stream is not closed.
   *
   * @param name what error messages call the model
   * @throws SafeTensorsException if the stream fails or its content is damaged
   * @throws ModelException if it holds no model of this program, or one that takes full pictures
   */
  public static Thumbnailer load(InputStream in, String name) {
    return new Thumbnailer(TrainedDownscaler.load(in, name, Device.cpu()));
  }

  /** Returns the width and height of thumbnails in pixels. */
  public int side() {
    return side;
  }

  /**
   * Makes the thumbnail of a picture, with 8 bits for each colour.
   *
   * @param picture of any size; it is brought to the size of the model first: short side, then the
   *     square in the middle
   * @throws CancellationException if the thread is interrupted, which it stays
   */
  public RgbImage thumbnail(RgbImage picture) {
    return thumbnail(prepared(picture));
  }

  private float[] prepared(RgbImage picture) {
    return shown.normalize().apply(shown.crop(picture));
  }

  private RgbImage thumbnail(float[] pixels) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("the thread was interrupted, no thumbnail is made");
    }
    float[] values = new float[3 * side * side];
    plan.run(1, pixels, values);
    return shown.normalize().toImage(values, 0, side, side);
  }

  /** As {@link #thumbnail(RgbImage)}, from a picture of Java's. */
  public RgbImage thumbnail(BufferedImage picture) {
    return thumbnail(RgbImage.of(picture));
  }

  /**
   * As {@link #thumbnail(RgbImage)}, from a file.
   *
   * @throws ImageException if it is no usable picture
   */
  public RgbImage thumbnail(Path file) {
    return thumbnail(decoder.decode(file, this::prepared));
  }

  /**
   * As {@link #thumbnail(RgbImage)}, from the content of a file.
   *
   * @param encoded a picture in a format of {@link ImageDecoder}, which is not kept
   * @throws ImageException if it is no usable picture
   */
  public RgbImage thumbnail(byte[] encoded) {
    return thumbnail(decoder.decode(encoded, "picture", this::prepared));
  }
}
