package dev.thumbnet.data.image;

import dev.thumbnet.data.image.format.Format;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;

/**
 * Chooses the reader of a format, always the same whatever else is on the path: those of the JDK,
 * and TwelveMonkeys' for WebP. Only what is known of these makes sure how much they take.
 */
final class ImageReaders {
  private static final String WEBP_PLUGIN = "com.twelvemonkeys.imageio.plugins.webp";

  private ImageReaders() {}

  /**
   * Makes a reader.
   *
   * @throws ImageException if there is none
   */
  static ImageReader of(Format format, String name) throws IOException {
    for (ImageReaderSpi provider : JavaImageIo.readers()) {
      if (isKnown(format, provider)) {
        return provider.createReaderInstance();
      }
    }
    throw new ImageException(
        name,
        format == Format.WEBP
            ? "is a lossy WebP picture, which needs TwelveMonkeys' ImageIO plug-in imageio-webp on"
                + " the class or module path; add it, or convert the picture to JPEG or PNG"
            : "this JVM has no reader for " + format);
  }

  private static boolean isKnown(Format format, ImageReaderSpi provider) {
    Class<?> type = provider.getClass();
    boolean known =
        format == Format.WEBP
            ? type.getPackageName().equals(WEBP_PLUGIN)
            : type.getModule() == ImageReaderSpi.class.getModule();
    return known
        && Arrays.stream(provider.getFormatNames()).anyMatch(format.name()::equalsIgnoreCase);
  }
}
