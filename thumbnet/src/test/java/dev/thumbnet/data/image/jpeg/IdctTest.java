package dev.thumbnet.data.image.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The transforms are those of the formulas, but for rounding. */
class IdctTest {
  private static final int TOP = 2;
  private static final int LEFT = 5;

  /** A block of a picture: few coefficients, those of low frequencies large. */
  private static short[] block(Random random) {
    short[] block = new short[Component.BLOCK];
    block[0] = (short) (random.nextInt(400) - 200);
    int most = 1 + random.nextInt(8);
    for (int i = random.nextInt(20); i > 0; i--) {
      int at = Component.SIDE * random.nextInt(most) + random.nextInt(most);
      block[at] = (short) (random.nextGaussian() * 40 / (1 + at / 8 + at % 8));
    }
    return block;
  }

  private static int[] factors(Random random) {
    return random.ints(Component.BLOCK, 1, 6).toArray();
  }

  /** x = ¼ Σ C C X cos cos + 128, not confined. */
  private static double[] exact(short[] in, int[] factors) {
    double[] out = new double[Component.BLOCK];
    for (int i = 0; i < out.length; i++) {
      for (int k = 0; k < out.length; k++) {
        out[i] += in[k] * factors[k] * wave(i / 8, k / 8) * wave(i % 8, k % 8);
      }
      out[i] += 128;
    }
    return out;
  }

  private static double wave(int n, int k) {
    return (k == 0 ? Math.sqrt(0.125) : 0.5) * Math.cos((2 * n + 1) * k * Math.PI / 16);
  }

  @Property(tries = 1000)
  void samples_are_those_of_the_formula(@ForAll long seed) {
    Random random = new Random(seed);
    short[] in = block(random);
    int[] factors = factors(random);
    int[][] out = empty();
    new Idct().transform(in, 0, factors, out, TOP, LEFT);
    check(out, exact(in, factors), 1, 0.6);
  }

  @Property(tries = 1000)
  void reduced_samples_are_the_means_of_others(@ForAll long seed) {
    Random random = new Random(seed);
    short[] in = block(random);
    int[] factors = factors(random);
    double[] exact = exact(in, factors);
    int[][] out = empty();
    new ReducedIdct().toFour(in, 0, factors, out, TOP, LEFT);
    check(out, exact, 2, 0.6);
    out = empty();
    new ReducedIdct().toTwo(in, 0, factors, out, TOP, LEFT);
    check(out, exact, 4, 0.6);
    assertThat((double) Idct.flat(in[0] * factors[0]))
        .isCloseTo(mean(exact, 8, 0, 0), within(0.51));
  }

  private static int[][] empty() {
    int[][] out = new int[12][15];
    for (int[] row : out) {
      Arrays.fill(row, -1);
    }
    return out;
  }

  private static double mean(double[] exact, int group, int row, int column) {
    double sum = 0;
    for (int y = row * group; y < (row + 1) * group; y++) {
      for (int x = column * group; x < (column + 1) * group; x++) {
        sum += exact[8 * y + x];
      }
    }
    return Math.clamp(sum / (group * group), 0, 255);
  }

  private static void check(int[][] out, double[] exact, int group, double tolerance) {
    int side = 8 / group;
    int found = 0;
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        double mean = mean(exact, group, y, x);
        assertThat(Math.abs(out[TOP + y][LEFT + x] - mean)).isLessThan(tolerance);
      }
    }
    for (int[] row : out) {
      found += (int) Arrays.stream(row).filter(value -> value >= 0).count();
    }
    assertThat(found).isEqualTo(side * side);
  }
}
