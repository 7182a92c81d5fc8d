package dev.thumbnet.measure;

import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.pipeline.TrainedModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * How large thumbnails are as files, and what a network answers to those that are not stored
 * exactly. PNG keeps 8 bits of each colour; JPEG of quality 90 is that of Java's own writer, which
 * halves the resolution of colours.
 *
 * @param pngBytes of a thumbnail, in the mean
 * @param jpegBytes likewise
 * @param jpeg what the network answers to thumbnails that were stored as JPEG
 */
public record StoredThumbnails(double pngBytes, double jpegBytes, Evaluation jpeg) {
  private static final float QUALITY = 0.9f;

  /**
   * Stores all thumbnails of an evaluator's pictures.
   *
   * @param model makes and sees them
   * @throws IllegalArgumentException if the model does not use thumbnails
   */
  public static StoredThumbnails of(TrainedModel model, Evaluator evaluator) {
    if (!model.usesThumbnails()) {
      throw new IllegalArgumentException(model + " takes full pictures, so there is none to store");
    }
    Store store = new Store(model);
    Evaluation jpeg = evaluator.evaluate(x -> model.classify(store.asJpeg(model.thumbnails(x))));
    return new StoredThumbnails(store.png / store.count, store.jpeg / store.count, jpeg);
  }

  private static final class Store {
    private final ImageDecoder decoder = new ImageDecoder();
    private final Normalize normalize;
    private double png;
    private double jpeg;
    private long count;

    Store(TrainedModel model) {
      normalize = model.preprocessing().normalize();
    }

    /** Returns thumbnails as they are after being stored. */
    Tensor asJpeg(Tensor thumbnails) {
      int height = thumbnails.dim(1);
      int width = thumbnails.dim(2);
      float[] values = thumbnails.toArray();
      for (int from = 0; from < values.length; from += 3 * height * width) {
        RgbImage image = normalize.toImage(values, from, width, height);
        byte[] file = jpeg(image);
        png += image.toPng().length;
        jpeg += file.length;
        count++;
        normalize.apply(decoder.decode(file, "a thumbnail"), values, from);
      }
      return Tensor.of(thumbnails.device(), values, thumbnails.shape().toArray());
    }
  }

  private static byte[] jpeg(RgbImage image) {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("jpeg");
    if (!writers.hasNext()) {
      throw new IllegalStateException("this Java has no writer of JPEG files");
    }
    ImageWriter writer = writers.next();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image.toBufferedImage(), null, null), how);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing but memory is written to
    } finally {
      writer.dispose();
    }
    return file.toByteArray();
  }
}
