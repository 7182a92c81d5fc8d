package dev.thumbnet.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.testing.TestData;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Odd, broken and hostile files: each gives a picture or one line, in little memory, without a hang
 * and without noise. FILES.tsv beside them says what Pillow does with each.
 */
class AwkwardFilesTest {
  private static final int SECONDS_PER_FILE = 20;

  /** Where we differ from Pillow, and why. */
  private static final Map<String, String> DEVIATIONS =
      Map.of(
          "derived_arithmetic.jpg", "refused: arithmetic coding is not read",
          "derived_badcrc.png", "decoded: only the checksum of the header is wrong",
          "pillow_hopper_bad_exif.jpg", "refused: the pixels themselves are damaged",
          "pillow_png_decompression_dos.png", "decoded: the text that explodes is never read");

  @TempDir Path temporary;

  /** Runs in a JVM of its own: decodes every file of a folder and prints a line for each. */
  static final class DecodeAll {
    public static void main(String[] args) throws Exception {
      PrintStream out = new PrintStream(args[1], StandardCharsets.UTF_8);
      ImageDecoder decoder = new ImageDecoder();
      try (var files = Files.list(Path.of(args[0]))) {
        for (Path file : files.sorted().toList()) {
          out.println(file.getFileName() + "\t" + outcome(decoder, file));
        }
      }
      out.close();
      // A decoder that hangs would keep the JVM alive.
      System.exit(0);
    }

    private static String outcome(ImageDecoder decoder, Path file) throws InterruptedException {
      FutureTask<String> task =
          new FutureTask<>(
              () -> {
                try {
                  RgbImage image = decoder.decode(file);
                  return image.width() + "x" + image.height();
                } catch (ImageException e) {
                  return "refused: " + e.getMessage();
                }
              });
      Thread thread = new Thread(task);
      thread.setDaemon(true);
      thread.start();
      try {
        return task.get(SECONDS_PER_FILE, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        return "HANGS";
      } catch (ExecutionException e) {
        return "THROWS " + e.getCause();
      }
    }
  }

  @Test
  void each_file_gives_a_picture_or_one_line_in_half_a_gigabyte() throws Exception {
    Path folder = TestData.folder("awkward");
    Map<String, String> outcomes = decodeInSmallJvm(folder);
    List<String> surprises = new ArrayList<>();
    List<String> table = Files.readAllLines(folder.resolve("FILES.tsv"));
    for (String line : table.subList(1, table.size())) {
      String[] fields = line.split("\t");
      String outcome = outcomes.get(fields[0]);
      String expected = expected(fields);
      boolean refused = outcome != null && outcome.startsWith("refused: ");
      if (!(expected.equals("refused") ? refused : expected.equals(outcome))) {
        surprises.add(fields[0] + ": expected " + expected + ", was " + outcome);
      }
      if (refused) {
        assertThat(outcome).contains(fields[0] + ": ").doesNotContain("\n");
      }
    }
    assertThat(surprises).isEmpty();
    assertThat(outcomes).hasSize(table.size() + 1).containsKeys("FILES.tsv", "SOURCE.md");
  }

  /** The upright size of the picture, or "refused". */
  private static String expected(String[] fields) {
    String deviation = DEVIATIONS.getOrDefault(fields[0], fields[6].equals("ok") ? "decoded" : "");
    if (!deviation.startsWith("decoded")) {
      return "refused";
    }
    if (fields[3].equals("-")) {
      // Pillow refuses these two, so the table does not give their size.
      return fields[0].equals("derived_badcrc.png") ? "451x300" : "1x1";
    }
    String[] size = fields[3].split("x");
    boolean turned = fields[5].matches("[5-8]");
    return turned ? size[1] + "x" + size[0] : fields[3];
  }

  private Map<String, String> decodeInSmallJvm(Path folder) throws Exception {
    Path out = temporary.resolve("outcomes.tsv");
    File errors = temporary.resolve("errors.txt").toFile();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Djava.awt.headless=true",
                "-Dsun.jnu.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                DecodeAll.class.getName(),
                folder.toString(),
                out.toString())
            .redirectErrorStream(true)
            .redirectOutput(errors)
            .start();
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).as("ends").isTrue();
    assertThat(errors).as("the decoders' own output").isEmpty();
    assertThat(process.exitValue()).isZero();
    Map<String, String> outcomes = new TreeMap<>();
    for (String line : Files.readAllLines(out)) {
      String[] fields = line.split("\t", 2);
      outcomes.put(fields[0], fields[1]);
    }
    return outcomes;
  }

  @Test
  void all_orientations_show_the_same_upright_picture() {
    Path folder = TestData.folder("awkward");
    ImageDecoder decoder = new ImageDecoder();
    RgbImage upright = decoder.decode(folder.resolve("pillow_hopper.jpg"));
    for (int orientation = 2; orientation <= 8; orientation++) {
      Path file = folder.resolve("pillow_hopper_orientation_" + orientation + ".jpg");
      RgbImage image = decoder.decode(file);
      assertThat(meanDifference(image, upright)).as("orientation %d", orientation).isLessThan(8);
    }
  }

  @Test
  void cmyk_and_rgb_of_the_same_picture_look_alike() throws IOException {
    Path folder = TestData.folder("awkward");
    ImageDecoder decoder = new ImageDecoder();
    RgbImage cmyk = decoder.decode(folder.resolve("pillow_pil_sample_cmyk.jpg"));
    RgbImage rgb = decoder.decode(folder.resolve("pillow_pil_sample_rgb.jpg"));
    assertThat(meanDifference(cmyk, rgb)).isLessThan(12);
    RgbImage profiled = decoder.decode(folder.resolve("derived_cmyk.jpg"));
    RgbImage original = decoder.decode(folder.resolve("derived_444.jpg"));
    assertThat(meanDifference(profiled, original)).isLessThan(12);
  }

  private static double meanDifference(RgbImage a, RgbImage b) {
    assertThat(a.width()).isEqualTo(b.width());
    assertThat(a.height()).isEqualTo(b.height());
    long sum = 0;
    for (int i = 0; i < a.data().length; i++) {
      sum += Math.abs((a.data()[i] & 0xFF) - (b.data()[i] & 0xFF));
    }
    return (double) sum / a.data().length;
  }
}
