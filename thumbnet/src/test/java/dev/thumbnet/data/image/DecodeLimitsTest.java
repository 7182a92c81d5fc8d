package dev.thumbnet.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thumbnet.cli.picture.PictureFiles;
import dev.thumbnet.data.CachedPictures;
import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.ImageFolder;
import dev.thumbnet.data.image.format.Format;
import dev.thumbnet.testing.TestPictures;
import dev.thumbnet.testing.TestTiff;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a picture takes of memory and time is known before it is taken, and ends when it must. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DecodeLimitsTest {
  private static final byte[] JPEG = TestPictures.encode(TestPictures.noise(64, 48), "jpg");

  private final ImageDecoder decoder = new ImageDecoder();

  private static DecodeWatch watch(Duration timeout) {
    return new DecodeWatch("p", timeout);
  }

  // ---------------------------------------------------------------- memory

  @Test
  void a_tile_counts_even_if_the_picture_is_a_pixel() {
    byte[] file =
        TestTiff.of(ByteOrder.LITTLE_ENDIAN, 1, 1, 2, 3, 8)
            .tag(259, 8)
            .tag(322, 60_000)
            .tag(323, 60_000)
            .tiles(new byte[12])
            .bytes();
    assertThatThrownBy(() -> decoder.decode(file, "tile.tif"))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("tile.tif: 1x1 pixels may ");
    ImageDecoder patient = new ImageDecoder(DecodeLimits.DEFAULT.withMaxWork(Long.MAX_VALUE), true);
    assertThatThrownBy(() -> patient.decode(file, "tile.tif"))
        .hasMessageMatching("tile.tif: 1x1 pixels may need 3240\\d MB to decode, .*; raise -Xmx.*");
  }

  @Test
  void depth_and_channels_count() {
    byte[] png = png(20_000, 3_000, 16, 6, 0);
    byte[] shallow = png(20_000, 3_000, 1, 0, 0);
    assertThat(memory(png)).isGreaterThan(8L * 60_000_000);
    assertThat(memory(shallow)).isLessThan(8L * 60_000_000);
  }

  private static long memory(byte[] file) {
    try {
      return Format.read(file, () -> {}).memory();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A PNG that has a header and the beginning of its pixels. */
  private static byte[] png(int width, int height, int depth, int colourType, int interlaced) {
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) depth).put((byte) colourType).put((byte) 0).put((byte) 0);
    header.put((byte) interlaced);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'});
    out.writeBytes(TestPictures.pngChunk("IHDR", header.array()));
    out.writeBytes(TestPictures.pngChunk("IDAT", new byte[20]));
    out.writeBytes(TestPictures.pngChunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  @Test
  void texts_and_profiles_of_a_palette_picture_never_reach_the_reader() throws IOException {
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_INDEXED);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    byte[] plain = png.toByteArray();
    byte[] bomb = plain;
    for (String name : new String[] {"iTXt", "iCCP", "sPLT", "tRNS", "acTL"}) {
      bomb = TestPictures.insert(bomb, 33, TestPictures.pngChunk(name, new byte[10_000]));
    }
    // What is looked at: the text that may say how the camera was held.
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes("Raw profile type exif\0\0".getBytes(StandardCharsets.ISO_8859_1));
    try (DeflaterOutputStream packed = new DeflaterOutputStream(text)) {
      String digits = "\nexif\n 16000000\n" + "0".repeat(32_000_000);
      packed.write(digits.getBytes(StandardCharsets.ISO_8859_1));
    }
    byte[] packed = TestPictures.pngChunk("zTXt", text.toByteArray());
    byte[] open = TestPictures.pngChunk("tEXt", Arrays.copyOf(text.toByteArray(), 5000));
    for (int i = 0; i < 100; i++) {
      bomb = TestPictures.insert(bomb, 33, i % 2 == 0 ? packed : open);
    }
    assertThat(Format.read(bomb, () -> {}).file().length()).isLessThanOrEqualTo(plain.length);
    assertThat(decoder.decode(bomb, "bomb.png")).isEqualTo(decoder.decode(plain, "plain.png"));
  }

  @Test
  void who_needs_memory_that_others_hold_waits_in_line() throws Exception {
    DecodeMemory memory = new DecodeMemory("pictures", 10_000);
    DecodeMemory.Lease first = memory.take(8_000, "it", watch(DecodeLimits.NO_TIMEOUT));
    CompletableFuture<Boolean> second = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (DecodeMemory.Lease _ =
                      memory.take(8_000, "it", watch(DecodeLimits.NO_TIMEOUT))) {
                    second.complete(true);
                  }
                });
    Thread.sleep(100);
    assertThat(second).isNotDone();
    assertThat(memory.tryTake(8_000)).isNull();
    first.close();
    assertThat(second.get(10, TimeUnit.SECONDS)).isTrue();
    thread.join();
    memory.take(10_000, "it", watch(DecodeLimits.NO_TIMEOUT)).close();
  }

  @Test
  void waiting_for_memory_ends_with_the_time_and_with_an_interruption() throws Exception {
    DecodeMemory memory = new DecodeMemory("pictures", 10_000);
    DecodeMemory.Lease held = memory.take(8_000, "it", watch(DecodeLimits.NO_TIMEOUT));
    Throwable late = catchThrowable(() -> memory.take(8_000, "it", watch(Duration.ofMillis(30))));
    assertThat(late)
        .hasMessage(
            "p: had no memory, which other pictures hold, within the 0.03 s that it may take; try"
                + " again, or give decoding more time");
    assertThat(((ImageException) late).isTemporary()).isTrue();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> memory.take(8_000, "it", watch(DecodeLimits.NO_TIMEOUT)))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    held.close();
  }

  @Test
  void what_never_fits_is_refused_at_once() {
    DecodeMemory memory = new DecodeMemory("pictures", 10_000);
    assertThatThrownBy(() -> memory.take(11_000, "3x4 pixels", watch(DecodeLimits.NO_TIMEOUT)))
        .hasMessageStartingWith("p: 3x4 pixels may need 1 MB to decode, more than the 0 MB")
        .hasMessageContaining("raise -Xmx or -Dthumbnet.decode.megabytes");
  }

  @Test
  void a_stream_without_end_is_refused() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 0;
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            return length;
          }
        };
    assertThatThrownBy(() -> decoder.decode(endless, "endless"))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("endless: a stream of this length may need ");
    assertThat(decoder.decode(JPEG, "p").width()).isEqualTo(64);
  }

  @Test
  void pictures_of_a_set_and_of_a_command_line_hold_memory_while_they_are_used(@TempDir Path root)
      throws IOException {
    Path file = Files.createDirectory(root.resolve("a")).resolve("1.jpg");
    Files.write(file, JPEG);
    DataSet folder = new ImageFolder(root);
    DataSet cached = new CachedPictures(folder, 100, 0);
    assertThat(folder.<Boolean>get(0, _ -> isHeld())).isTrue();
    assertThat(cached.<Boolean>get(0, _ -> isHeld())).isTrue();
    PictureFiles files = new PictureFiles(List.of(file));
    assertThat(files.sources().getFirst().<Boolean>decode(decoder, _ -> isHeld())).isTrue();
  }

  private static boolean isHeld() {
    long half = Runtime.getRuntime().maxMemory() / 2 >> 20 << 20;
    try (DecodeMemory.Lease all = DecodeMemory.PICTURES.tryTake(half)) {
      return all == null;
    }
  }

  // ---------------------------------------------------------------- time

  @Test
  void rows_cost_time_too() {
    assertThatThrownBy(() -> decoder.decode(png(1, 32_000_000, 8, 2, 0), "tall.png"))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("tall.png: 1x32000000 pixels may take 2080 million steps");
    assertThatThrownBy(() -> decoder.decode(png(8_000, 8_000, 8, 2, 1), "interlaced.png"))
        .isInstanceOf(ImageException.class)
        .hasMessageNotContaining("steps"); // it is only damaged
  }

  @Test
  void a_picture_that_takes_too_long_is_given_up() {
    byte[] file = TestPictures.encode(TestPictures.noise(1000, 800), "png");
    ImageDecoder hasty =
        new ImageDecoder(DecodeLimits.DEFAULT.withTimeout(Duration.ofMillis(1)), true);
    Throwable thrown = catchThrowable(() -> hasty.decode(file, "p"));
    assertThat(thrown)
        .isInstanceOf(ImageException.class)
        .hasMessage(
            "p: not decoded within the 0.001 s that it may take; try again, or give decoding more"
                + " time");
    assertThat(((ImageException) thrown).isTemporary()).isTrue();
  }

  @Test
  void an_interruption_ends_each_reader_soon() throws Exception {
    RgbImage image = TestPictures.noise(1500, 1000);
    for (String format : new String[] {"jpg", "png", "bmp", "gif"}) {
      byte[] file = TestPictures.encode(image, format);
      CompletableFuture<Boolean> ended = new CompletableFuture<>();
      Thread thread =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    try {
                      while (true) {
                        decoder.decode(file, "p");
                      }
                    } catch (CancellationException e) {
                      ended.complete(Thread.currentThread().isInterrupted());
                    }
                  });
      Thread.sleep(50);
      thread.interrupt();
      // A tenth of a second, on a machine that is not busy.
      assertThat(ended.get(50, TimeUnit.SECONDS)).as(format).isTrue();
    }
  }

  @Test
  void a_reader_that_reads_on_behind_the_end_is_stopped() {
    byte[] bytes = {1, 2, 3};
    try (BytesInputStream in = new BytesInputStream(bytes, 1, watch(DecodeLimits.NO_TIMEOUT))) {
      assertThat(in.read(new byte[9], 0, 9)).isEqualTo(3);
      assertThatThrownBy(
              () -> {
                while (true) {
                  in.read();
                }
              })
          .isInstanceOf(EOFException.class);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_webp_that_ends_early_is_refused_before_its_reader_sees_it() {
    byte[] file = new byte[59];
    Arrays.fill(file, (byte) 0x5A);
    ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    header.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(196);
    header.put("WEBPVP8L".getBytes(StandardCharsets.US_ASCII)).putInt(184);
    header.put((byte) 0x2F).putInt(99 | 29 << 14);
    assertThatThrownBy(() -> decoder.decode(file, "slow.webp"))
        .hasMessage("slow.webp: the file ends before the picture does");
  }
}
