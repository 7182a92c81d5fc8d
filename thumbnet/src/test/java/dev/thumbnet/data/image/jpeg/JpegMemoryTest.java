package dev.thumbnet.data.image.jpeg;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.thumbnet.data.image.format.Encoded;
import dev.thumbnet.data.image.format.Format;
import dev.thumbnet.testing.TestPictures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Decoding allocates what the header says, and not much less. */
class JpegMemoryTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Tables for codes, and what is as small. */
  private static final int SMALL = 200_000;

  private static byte[] jpeg(int width, int height, boolean progressive) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    parameters.setProgressiveMode(
        progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      IIOImage image = new IIOImage(TestPictures.soft(width, height).toBufferedImage(), null, null);
      writer.write(null, image, parameters);
    }
    writer.dispose();
    return out.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 800, false",
    "1000, 800, true",
    "3000, 20, false",
    "20, 3000, true",
    "2001, 333, true"
  })
  void memory_is_what_the_header_says(int width, int height, boolean progressive)
      throws IOException {
    allocatesWhatTheHeaderSays(jpeg(width, height, progressive), width, height);
  }

  @Test
  void a_single_scan_that_lacks_components_is_kept_until_the_end() throws IOException {
    // Two bits for each of 125 times 100 blocks.
    byte[] file = new HandmadeJpeg(1000, 800, 0).scan(1).fill(3125, 0).end();
    allocatesWhatTheHeaderSays(file, 1000, 800);
  }

  private static void allocatesWhatTheHeaderSays(byte[] file, int width, int height)
      throws IOException {
    Encoded header = Format.read(file, () -> {});
    JpegWindow whole = JpegWindow.whole(width, height, 1);
    byte[] copy = header.file().toBytes();
    JpegDecoder.decode(copy, whole, _ -> {}); // classes are loaded
    long before = THREADS.getCurrentThreadAllocatedBytes();
    JpegDecoder.decode(copy, whole, _ -> {});
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).isLessThan(header.memory() + SMALL).isGreaterThan(header.memory() / 2);
  }

  @ParameterizedTest
  @CsvSource({"2", "4", "8"})
  void a_reduced_picture_takes_little(int scale) throws IOException {
    byte[] file = jpeg(2000, 1000, false);
    JpegWindow whole = JpegWindow.whole(2000, 1000, scale);
    JpegDecoder.decode(file, whole, _ -> {});
    long before = THREADS.getCurrentThreadAllocatedBytes();
    byte[] pixels = JpegDecoder.decode(file, whole, _ -> {});
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated - pixels.length).isLessThan(400_000);
  }
}
