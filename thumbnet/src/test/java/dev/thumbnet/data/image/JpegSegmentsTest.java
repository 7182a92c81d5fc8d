package dev.thumbnet.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.testing.TestPictures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** What stands beside and behind the picture of a JPEG file changes nothing. */
class JpegSegmentsTest {
  private static final byte[] JPEG = TestPictures.encode(TestPictures.noise(64, 48), "jpg");
  private static final byte[] OTHER = TestPictures.encode(TestPictures.noise(90, 70), "jpg");

  private final ImageDecoder decoder = new ImageDecoder();
  private final RgbImage picture = decoder.decode(JPEG, "plain");

  /** Bytes that look like so many scans. */
  private static byte[] scanMarkers(int count) {
    byte[] bytes = new byte[8 * count];
    for (int i = 0; i < bytes.length; i += 8) {
      bytes[i] = (byte) 0xFF;
      bytes[i + 1] = (byte) 0xDA;
    }
    return bytes;
  }

  private static byte[] segment(int marker, byte[] content) {
    ByteBuffer segment = ByteBuffer.allocate(4 + content.length);
    segment.put((byte) 0xFF).put((byte) marker).putShort((short) (2 + content.length));
    return segment.put(content).array();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  @Test
  void an_appended_video_is_not_looked_at() {
    assertThat(decoder.decode(joined(JPEG, scanMarkers(1000)), "phone.jpg")).isEqualTo(picture);
  }

  @Test
  void of_several_pictures_in_one_file_the_first_is_taken() {
    assertThat(decoder.decode(joined(JPEG, OTHER, OTHER), "mpf.jpg")).isEqualTo(picture);
  }

  @ParameterizedTest
  @ValueSource(ints = {0xE1, 0xE2, 0xED, 0xEF, 0xFE})
  void scan_markers_within_a_segment_are_no_scans(int marker) {
    byte[] file = TestPictures.insert(JPEG, 2, segment(marker, scanMarkers(8000)));
    assertThat(decoder.decode(file, "segment.jpg")).isEqualTo(picture);
  }

  @Test
  void a_preview_within_a_segment_is_not_the_picture() {
    byte[] file = TestPictures.insert(JPEG, 2, segment(0xE1, joined(new byte[30], OTHER)));
    assertThat(decoder.decode(file, "preview.jpg")).isEqualTo(picture);
  }

  @Test
  void colours_are_understood_as_libjpeg_does_whatever_the_header() throws IOException {
    // Without JFIF's header the JDK takes a picture with full colour resolution for RGB.
    byte[] file = fullResolution(TestPictures.soft(32, 24));
    assertThat(file[3]).isEqualTo((byte) 0xE0);
    byte[] bare = joined(Arrays.copyOf(file, 2), Arrays.copyOfRange(file, 20, file.length));
    assertThat(decoder.decode(bare, "bare.jpg")).isEqualTo(decoder.decode(file, "jfif.jpg"));
  }

  /** A JPEG whose colours are not subsampled. */
  private static byte[] fullResolution(RgbImage image) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageTypeSpecifier type = new ImageTypeSpecifier(image.toBufferedImage());
    IIOMetadata metadata = writer.getDefaultImageMetadata(type, null);
    Node tree = metadata.getAsTree("javax_imageio_jpeg_image_1.0");
    NodeList components = ((Element) tree).getElementsByTagName("componentSpec");
    for (int i = 0; i < components.getLength(); i++) {
      ((Element) components.item(i)).setAttribute("HsamplingFactor", "1");
      ((Element) components.item(i)).setAttribute("VsamplingFactor", "1");
    }
    metadata.setFromTree("javax_imageio_jpeg_image_1.0", tree);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(new IIOImage(image.toBufferedImage(), null, metadata));
    }
    writer.dispose();
    return out.toByteArray();
  }

  @Test
  void the_limit_is_scans_times_pixels() {
    byte[] bomb = progressive(5600, 5600, 199);
    assertThat(bomb.length).isLessThan(5000);
    assertThatThrownBy(() -> decoder.decode(bomb, "slow.jpg"))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("slow.jpg: 5600x5600 pixels may take 6273 million steps")
        .hasMessageContaining("more than the limit of 640 million")
        .hasMessageContaining("-Dthumbnet.decode.steps");
    // As many scans of few pixels are no reason to refuse.
    assertThatThrownBy(() -> decoder.decode(progressive(16, 16, 199), "small.jpg"))
        .hasMessageNotContaining("steps");
  }

  @Test
  void no_limit_allows_more_pixels_than_an_array_holds() {
    DecodeLimits none =
        DecodeLimits.DEFAULT.withMaxPixels(Long.MAX_VALUE).withMaxWork(Long.MAX_VALUE);
    assertThatThrownBy(
            () -> new ImageDecoder(none, true).decode(progressive(65535, 65535, 1), "huge.jpg"))
        .hasMessage(
            "huge.jpg: 65535x65535 pixels are more than the 715827879 that a picture can have in"
                + " memory; make the picture smaller");
  }

  /** Headers of a gray progressive JPEG; the scans are empty. */
  private static byte[] progressive(int width, int height, int scans) {
    ByteBuffer frame = ByteBuffer.allocate(9);
    frame.put((byte) 8).putShort((short) height).putShort((short) width);
    frame.put(new byte[] {1, 1, 0x11, 0});
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD8});
    out.writeBytes(segment(0xC2, frame.array()));
    for (int i = 0; i < scans; i++) {
      out.writeBytes(segment(0xDA, new byte[] {1, 1, 0, 1, 63, 0}));
      out.writeBytes(new byte[] {0x55, (byte) 0xFF, 0, (byte) 0xFF, (byte) 0xD0, 0x55});
    }
    out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD9});
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0xC3, 0xC5, 0xC9, 0xCA})
  void other_processes_are_refused_by_name(int marker) {
    byte[] file = JPEG.clone();
    int frame = indexOf(file, 0xC0);
    file[frame + 1] = (byte) marker;
    assertThatThrownBy(() -> decoder.decode(file, "odd.jpg"))
        .hasMessageMatching(
            "odd.jpg: is a JPEG of the (lossless|arithmetic-coded|hierarchical) .*");
    byte[] twelve = JPEG.clone();
    twelve[frame + 4] = 12;
    assertThatThrownBy(() -> decoder.decode(twelve, "deep.jpg"))
        .hasMessageContaining("12 bits a sample");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x31, 0x13, 0x34})
  void colours_that_fit_no_whole_number_of_pixels_are_refused_by_name(int factors) {
    byte[] file = JPEG.clone();
    int frame = indexOf(file, 0xC0);
    file[frame + 11] = (byte) factors;
    file[frame + 14] = 0x22;
    assertThatThrownBy(() -> decoder.decode(file, "odd.jpg"))
        .hasMessage(
            "odd.jpg: is a JPEG whose colours are stored at a size that is no whole part of the"
                + " picture's; save it as a usual JPEG");
  }

  private static int indexOf(byte[] file, int marker) {
    for (int i = 2; ; i++) {
      if (file[i] == (byte) 0xFF && file[i + 1] == (byte) marker) {
        return i;
      }
    }
  }
}
