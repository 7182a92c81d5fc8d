package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.thumbnet.method.OperatingPoint;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ratios of sides, and what files and people call them. */
final class ReductionTest {
  @ParameterizedTest
  @CsvSource({
    "224, 112, 2, 4:1, 4to1, 4:1",
    "128, 32, 4, 16:1, 16to1, 16:1",
    "224, 72, 28/9, 9/28 of the side, 72px, 72 px",
    "224, 28, 8, 1/8 of the side, 28px, 28 px",
    "128, 37, 128/37, 37/128 of the side, 37px, 37 px"
  })
  void haveNames(int from, int to, String factor, String text, String key, String label) {
    Reduction reduction = new Reduction(from, to);
    assertThat(reduction.factor()).hasToString(factor);
    assertThat(reduction.factor() instanceof Integer).isEqualTo(!factor.contains("/"));
    assertThat(reduction).hasToString(text);
    assertThat(Reduction.ofFactor(factor)).isEqualTo(reduction);
    assertThat(reduction.reduce(from)).isEqualTo(to);
    assertThat(reduction.divides(from)).isTrue();
    assertThat(reduction.divides(from + 1)).isFalse();
    OperatingPoint point = OperatingPoint.thumbnail(reduction, from, Map.of());
    assertThat(point).isEqualTo(new OperatingPoint(key, label, to, Map.of()));
  }

  @Test
  void areInLowestTerms() {
    assertThat(new Reduction(224, 72))
        .isEqualTo(new Reduction(56, 18))
        .hasSameHashCodeAs(new Reduction(28, 9));
    assertThat(new Reduction(224, 112)).isEqualTo(Reduction.FOUR_TO_ONE);
    assertThat(new Reduction(3, 1)).isNotEqualTo(new Reduction(3, 2)).isNotEqualTo("3");
    assertThat(new Reduction(224, 56).isClassic()).isTrue();
    assertThat(new Reduction(224, 57).isClassic()).isFalse();
    assertThat(new Reduction(224, 28).isClassic()).isFalse();
  }

  @Test
  void theClassicOnesAreThoseOfAreas() {
    assertThat(Reduction.ofArea(4)).isEqualTo(Reduction.FOUR_TO_ONE);
    assertThat(Reduction.ofSide(4)).isEqualTo(Reduction.SIXTEEN_TO_ONE);
    assertThat(Reduction.SIXTEEN_TO_ONE.area()).isEqualTo(16);
    assertThatIllegalArgumentException().isThrownBy(() -> Reduction.ofArea(9));
    assertThatIllegalArgumentException().isThrownBy(() -> Reduction.ofSide(3));
    assertThatIllegalStateException()
        .isThrownBy(() -> new Reduction(224, 72).side())
        .withMessageContaining("9/28");
  }

  @ParameterizedTest
  @CsvSource({"4, 4", "4, 5", "4, 0", "0, 0", "-4, -8", "1, -1"})
  void aThumbnailIsSmallerAndNotEmpty(int from, int to) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Reduction(from, to))
        .withMessageContaining("cannot become " + to);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "0", "-2", "9/28", "28/", "/9", "28/0", "28/9/1", "2.5", "4:1"})
  void otherTextsAreRefused(String factor) {
    assertThatIllegalArgumentException().isThrownBy(() -> Reduction.ofFactor(factor));
  }

  @Test
  void learnedDownscalersHaveTheClassicOnes() {
    for (DownscalerKind kind : DownscalerKind.values()) {
      Reduction.CLASSIC.forEach(kind::check);
      if (kind.learned()) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> kind.check(new Reduction(224, 72)))
            .withMessageContaining(kind.label())
            .withMessageContaining("bicubic");
      } else {
        assertThat(kind.makes(new Reduction(224, 72))).isEqualTo(kind == DownscalerKind.BICUBIC);
        kind.check(new Reduction(8, 1));
      }
    }
  }
}
