package dev.thumbnet.engine.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Weights in bytes are off by half a step of their column at most. */
class Int8Test {
  private static final float STEP = 0x1p24f;

  @Test
  void theLargestOfAColumnIs127Steps() {
    float[] weights = {9, 1, -3, 0, 0.5f, 6, 0};
    float[] factors = Int8.factors(2, 3, weights, 1);
    assertThat(factors[0] * STEP).isEqualTo(1 / 127f);
    assertThat(factors[1] * STEP).isEqualTo(6 / 127f);
    assertThat(factors[2]).isPositive();
  }

  /** 127, then −63.5 with 127/256 below it, then 63.5 and so on. */
  @Test
  void roundsWithWhatStandsBelow() {
    int[] packed = new int[1];
    float[] factors = {2 / (127 * STEP)};
    Int8.pack(4, 1, new float[] {9, 2, -1, 1, -2}, 1, factors, packed);
    assertThat(Int8.get(packed[0], 0)).isEqualTo(127 * STEP);
    assertThat(Int8.get(packed[0], 1)).isEqualTo((-64 + 127 / 256f) * STEP);
    assertThat(packed[0] >> 16 & 0xff).isEqualTo(63);
    assertThat(packed[0] >> 24).isEqualTo(-127);
  }

  @Test
  void whatIsNoNumberStaysVisible() {
    assertThat(Int8.factors(2, 1, new float[] {1, Float.NaN}, 0)[0]).isNaN();
    assertThat(Int8.factors(2, 1, new float[] {1, Float.NEGATIVE_INFINITY}, 0)[0])
        .isEqualTo(Float.POSITIVE_INFINITY);
  }

  @Property
  void isOffByAtMostHalfAStep(@ForAll @Size(8) List<@FloatRange(min = -3, max = 3) Float> numbers) {
    float[] weights = new float[8];
    for (int i = 0; i < 8; i++) {
      weights[i] = numbers.get(i);
    }
    float[] factors = Int8.factors(2, 4, weights, 0);
    int[] packed = new int[2];
    Int8.pack(2, 1, weights, 0, factors, packed);
    for (int i = 0; i < 8; i++) {
      float factor = factors[i % 4];
      float restored = Int8.get(packed[i / 4], i % 4) * factor;
      assertThat(Math.abs(restored - weights[i])).isLessThanOrEqualTo(factor * STEP * 0.5001f);
    }
  }
}
