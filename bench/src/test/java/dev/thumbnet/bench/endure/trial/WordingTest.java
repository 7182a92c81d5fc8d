package dev.thumbnet.bench.endure.trial;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of one plain line that begins with the name are right, and no others. */
class WordingTest {
  @Test
  void plain_lines_are_right() {
    assertThat(Wording.fault("a.png", "a.png: is damaged (\u00e9\u732b)")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "is damaged",
        "a.png: two\nlines",
        "a.png: \u001b[31m",
        "a.png: \u0085",
        "a.png: \u202e",
        "a.png: \u2028"
      })
  void others_are_not(String message) {
    assertThat(Wording.fault("a.png", message)).isPresent();
  }

  @Test
  void nor_are_none_and_very_long_ones() {
    assertThat(Wording.fault("a", null)).isPresent();
    assertThat(Wording.fault("a", "a".repeat(5000))).isPresent();
  }

  @Test
  void violations_are_lines_that_fit_into_a_table() {
    Violation violation = new Violation(1, "toy", "a\n|b|\u001b[31m" + "x".repeat(1000));
    assertThat(violation.what()).startsWith("a b [31mx").hasSizeLessThan(700).endsWith("...");
  }
}
