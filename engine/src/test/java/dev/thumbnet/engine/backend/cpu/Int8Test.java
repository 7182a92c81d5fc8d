package dev.thumbnet.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Int8Test {
  @Test
  void theLargestOfAColumnBecomes127() {
    float[] weights = {9, 1, -3, 0, 0.5f, 6, 0};
    float[] factors = Int8.factors(2, 3, weights, 1);
    assertThat(factors).containsExactly(1 / 127f, 6 / 127f, 1);
    int[] packed = new int[2];
    Int8.pack(2, 1, new float[] {9, 1, -3, 0.5f, 6}, 1, new float[] {1 / 127f, 6 / 127f}, packed);
    assertThat(new int[] {Int8.get(packed[0], 0), Int8.get(packed[0], 1)})
        .containsExactly(127, -63);
    assertThat(new int[] {Int8.get(packed[0], 2), Int8.get(packed[0], 3)}).containsExactly(64, 127);
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
      assertThat(Math.abs(restored - weights[i])).isLessThanOrEqualTo(factor * 0.5001f);
    }
  }
}
