package dev.thumbnet.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.testing.TestPictures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A GIF's first frame is shown in its place on the screen, as Pillow does. */
class GifScreenTest {
  private static final int SCREEN = 6;
  private static final int RED = 0xCC3311;
  private static final int BLUE = 0x2244AA;

  private final ImageDecoder decoder = new ImageDecoder();

  /** A file of one colour that fills a frame of 4x3, with palette entries for around it. */
  private static byte[] gif(int screenWidth, int screenHeight, int left, int top) {
    byte[] data = new byte[3 * 4 * 3];
    for (int i = 0; i < data.length; i += 3) {
      put(data, i, i == 0 ? BLUE : RED);
    }
    byte[] file = TestPictures.encode(new RgbImage(4, 3, data), "gif");
    ByteBuffer at = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    at.putShort(SCREEN, (short) screenWidth).putShort(SCREEN + 2, (short) screenHeight);
    int frame = frame(file);
    at.putShort(frame + 1, (short) left).putShort(frame + 3, (short) top);
    return file;
  }

  private static void put(byte[] data, int i, int rgb) {
    data[i] = (byte) (rgb >> 16);
    data[i + 1] = (byte) (rgb >> 8);
    data[i + 2] = (byte) rgb;
  }

  private static int palette(byte[] file) {
    return (file[10] & 0x80) == 0 ? 0 : 3 << (file[10] & 7) + 1;
  }

  private static int frame(byte[] file) {
    int at = 13 + palette(file);
    while (file[at] != 0x2C) {
      at += 2;
      while (file[at] != 0) {
        at += 1 + (file[at] & 0xFF);
      }
      at++;
    }
    return at;
  }

  @Test
  void a_small_frame_lies_in_its_place() {
    byte[] file = gif(10, 8, 5, 2);
    RgbImage image = decoder.decode(file, "p");
    assertThat(image.width()).isEqualTo(10);
    assertThat(image.height()).isEqualTo(8);
    assertThat(image.rgb(5, 2)).isEqualTo(BLUE);
    assertThat(image.rgb(6, 2)).isEqualTo(RED);
    assertThat(image.rgb(8, 4)).isEqualTo(RED);
    // Around it is the first colour of the palette.
    int first = (file[13] & 0xFF) << 16 | (file[14] & 0xFF) << 8 | file[15] & 0xFF;
    assertThat(image.rgb(4, 2)).isEqualTo(first);
    assertThat(image.rgb(9, 7)).isEqualTo(first);
  }

  @Test
  void the_transparent_colour_surrounds_it_if_there_is_one() {
    byte[] file = gif(10, 8, 5, 2);
    byte[] control = {0x21, (byte) 0xF9, 4, 1, 0, 0, 1, 0};
    byte[] shown = TestPictures.insert(file, frame(file), control);
    int second = 13 + 3;
    put(shown, second, 0x123456);
    RgbImage image = decoder.decode(shown, "p");
    assertThat(image.rgb(0, 0)).isEqualTo(0x123456);
  }

  @Test
  void a_frame_that_leaves_the_screen_makes_it_larger() {
    RgbImage image = decoder.decode(gif(3, 8, 5, 2), "p");
    assertThat(image.width()).isEqualTo(9);
    assertThat(image.height()).isEqualTo(8);
    assertThat(image.rgb(8, 4)).isEqualTo(RED);
  }

  @Test
  void a_frame_of_the_screen_is_the_picture() {
    RgbImage image = decoder.decode(gif(4, 3, 0, 0), "p");
    assertThat(image.width()).isEqualTo(4);
    assertThat(image.rgb(0, 0)).isEqualTo(BLUE);
  }

  @Test
  void a_frame_whose_pixels_end_early_is_damaged() {
    byte[] file = gif(4, 3, 0, 0);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putShort(frame(file) + 7, (short) 300);
    assertThatThrownBy(() -> decoder.decode(file, "p.gif"))
        .hasMessage("p.gif: the file ends before the picture does");
  }

  @Test
  void long_strings_and_interlaced_rows_come_back() {
    // The JDK writes interlaced files.
    byte[] data = new byte[3 * 301 * 203];
    for (int i = 0; i < data.length; i++) {
      int pixel = i / 3;
      data[i] = (byte) (pixel % 301 < 150 ? 85 * (pixel / 40_000) : 51 * (pixel * pixel / 977 % 6));
    }
    RgbImage image = new RgbImage(301, 203, data);
    assertThat(decoder.decode(TestPictures.encode(image, "gif"), "p.gif")).isEqualTo(image);
  }

  @Test
  void a_giant_screen_counts() {
    assertThatThrownBy(() -> decoder.decode(gif(65000, 65000, 0, 0), "p"))
        .hasMessageContaining("65000x65000 pixels are more than the limit");
  }

  @Test
  void a_file_without_a_frame_says_so() {
    byte[] file = gif(4, 3, 0, 0);
    byte[] none = Arrays.copyOf(file, frame(file) + 1);
    none[none.length - 1] = 0x3B;
    assertThatThrownBy(() -> decoder.decode(none, "p.gif"))
        .hasMessage("p.gif: is a GIF without a picture");
  }
}
