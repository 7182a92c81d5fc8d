package dev.thumbnet.bench.endure.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.thumbnet.bench.endure.trial.Trial;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.data.image.RgbImage;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Sound pictures are read; the same number always damages the same picture in the same way. */
class PictureMutatorTest {
  @Test
  void all_formats_that_are_read_are_there_and_sound() throws Exception {
    Map<String, byte[]> samples = PictureSamples.all();
    assertThat(samples.keySet())
        .contains("jpeg progressive", "png 16", "gif", "bmp rle", "pnm P1", "tiff tiles")
        .contains("webp lossy", "webp lossless", "jpeg cmyk");
    ImageDecoder decoder = new ImageDecoder();
    Set<String> refused = new HashSet<>();
    samples.forEach(
        (name, file) -> {
          try {
            RgbImage image = decoder.decode(file, name);
            boolean upright = image.width() == PictureSamples.WIDTH;
            assertThat(upright ? image.height() : image.width())
                .as(name)
                .isEqualTo(PictureSamples.HEIGHT);
          } catch (ImageException e) {
            refused.add(name);
          }
        });
    // A kind of TIFF that programs read in different ways.
    assertThat(refused).containsExactly("tiff JPEG");
  }

  @Test
  void a_number_decides_a_mutant() throws Exception {
    Mutants first = new Mutants();
    Mutants second = new Mutants();
    Set<String> kinds = new HashSet<>();
    Set<Integer> different = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      Mutants.Mutant mutant = first.next(Trial.random(5, i));
      kinds.add(mutant.kind());
      different.add(Arrays.hashCode(mutant.content()));
      assertThat(second.next(Trial.random(5, i)).content()).isEqualTo(mutant.content());
    }
    assertThat(kinds).hasSize(PictureMutator.Kind.values().length);
    assertThat(different).hasSizeGreaterThan(450);
    assertThat(first.next(Trial.random(6, 0)).content())
        .isNotEqualTo(first.next(Trial.random(5, 0)).content());
  }

  @Test
  void parts_are_those_of_the_format() throws Exception {
    Map<String, byte[]> samples = PictureSamples.all();
    for (String name : new String[] {"png", "jpeg progressive", "webp lossless", "gif"}) {
      byte[] file = samples.get(name);
      for (int seed = 0; seed < 50; seed++) {
        assertThat(new ChunkMutator(file, Trial.random(seed, 0)).moved()).hasSize(file.length);
        assertThat(new ChunkMutator(file, Trial.random(seed, 1)).nested())
            .hasSizeGreaterThan(file.length);
      }
    }
  }

  @Test
  void sums_of_a_png_are_made_right() throws Exception {
    byte[] sound = PictureSamples.all().get("png");
    byte[] broken = sound.clone();
    broken[30] ^= 1; // of the first chunk's sum
    assertThat(PictureMutator.withSums(broken)).isEqualTo(sound);
    assertThatCode(() -> PictureMutator.withSums(Arrays.copyOf(sound, 20)))
        .doesNotThrowAnyException();
  }
}
