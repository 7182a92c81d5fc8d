package dev.thumbnet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The numbers are SplitMix64's, repeat, and are spread as they should be. */
final class RngTest {
  /** The published test vector of SplitMix64. */
  @Test
  void numbersAreThoseOfSplitMix64() {
    Rng rng = new Rng(1234567);
    assertThat(rng.nextLong()).isEqualTo(6457827717110365317L);
    assertThat(rng.nextLong()).isEqualTo(3203168211198807973L);
    assertThat(Long.toUnsignedString(rng.nextLong())).isEqualTo("9817491932198370423");
  }

  @Test
  void aRestoredStateContinuesExactly() {
    Rng rng = new Rng(3);
    rng.nextGaussian();
    Rng restored = Rng.ofState(rng.state());
    assertThat(restored.nextLong()).isEqualTo(rng.nextLong());
    assertThatIllegalArgumentException().isThrownBy(() -> Rng.ofState(new long[1]));
  }

  @Test
  void splitsDependOnTheSeedAndTheKeyAlone() {
    Rng rng = new Rng(3);
    long before = rng.split(5).nextLong();
    rng.nextLong();
    assertThat(rng.split(5).nextLong()).isEqualTo(before);
    assertThat(new Rng(4).split(5).nextLong()).isNotEqualTo(before);
    long[] first = IntStream.range(0, 1000).mapToLong(key -> rng.split(key).nextLong()).toArray();
    assertThat(Arrays.stream(first).distinct().count()).isEqualTo(1000);
  }

  @Test
  void uniformAndNormalNumbersHaveTheirMoments() {
    Rng rng = new Rng(8);
    int n = 100_000;
    double[] uniform = DoubleStream.generate(rng::nextDouble).limit(n).toArray();
    assertThat(Arrays.stream(uniform)).allMatch(u -> u >= 0 && u < 1);
    assertThat(Arrays.stream(uniform).average().orElseThrow()).isCloseTo(0.5, within(0.005));
    double[] normal = DoubleStream.generate(rng::nextGaussian).limit(n).toArray();
    assertThat(Arrays.stream(normal).average().orElseThrow()).isCloseTo(0, within(0.02));
    assertThat(Arrays.stream(normal).map(v -> v * v).average().orElseThrow())
        .isCloseTo(1, within(0.03));
    assertThat(Arrays.stream(normal).map(v -> v * v * v * v).average().orElseThrow())
        .isCloseTo(3, within(0.2));
  }

  @Test
  void integersFillTheirRangeEvenly() {
    Rng rng = new Rng(8);
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[rng.nextInt(7)]++;
    }
    assertThat(Arrays.stream(counts)).allMatch(c -> Math.abs(c - 10_000) < 500);
    assertThatIllegalArgumentException().isThrownBy(() -> rng.nextInt(0));
  }

  @Test
  void aPermutationHasEachNumberOnce() {
    int[] order = new Rng(8).permutation(100);
    assertThat(order).isNotEqualTo(IntStream.range(0, 100).toArray());
    assertThat(Arrays.stream(order).sorted().toArray())
        .isEqualTo(IntStream.range(0, 100).toArray());
    assertThat(new Rng(8).permutation(0)).isEmpty();
  }
}
