package dev.thumbnet.engine.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights in 16 bits are off by half of the last bit at most, and pairs come apart again. */
class Bfloat16Test {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "-2.5, -2.5",
    "1.00390625, 1", // half way, to the even one
    "1.01171875, 1.015625",
    "1.00390637, 1.0078125",
    "-1.00390637, -1.0078125",
    "1e-45, 0",
    "Infinity, Infinity",
    "3.4028235e38, Infinity"
  })
  void roundsToTheNearest(float value, float expected) {
    assertThat(Bfloat16.low(Bfloat16.round(value))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"7f800001", "ff800001", "7fffffff"})
  void keepsWhatIsNoNumber(String bits) {
    float nan = Float.intBitsToFloat(Integer.parseUnsignedInt(bits, 16));
    assertThat(Bfloat16.low(Bfloat16.round(nan))).isNaN();
  }

  @Property
  void isOffByAtMostHalfOfTheLastBit(@ForAll float value) {
    float rounded = Bfloat16.low(Bfloat16.round(value));
    if (Float.isFinite(rounded) && Math.abs(value) >= Float.MIN_NORMAL) {
      assertThat(Math.abs(rounded - value)).isLessThanOrEqualTo(Math.abs(value) / 256);
    }
  }

  @Property
  void packsPairsThatComeApartAgain(@ForAll float low, @ForAll float high) {
    int[] pair = new int[1];
    Bfloat16.pack(2, 1, new float[] {9, low, high}, 1, pair);
    assertThat(Bfloat16.low(pair[0])).isEqualTo(Bfloat16.low(Bfloat16.round(low)));
    assertThat(Bfloat16.high(pair[0])).isEqualTo(Bfloat16.low(Bfloat16.round(high)));
  }
}
