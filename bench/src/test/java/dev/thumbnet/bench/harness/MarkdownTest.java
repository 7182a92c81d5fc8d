package dev.thumbnet.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.bench.harness.Markdown.Column;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Pages begin with where the figures come from; tables are what columns make of rows. */
class MarkdownTest {
  @Test
  void pageWithATable() {
    Markdown page = new Markdown("Toys", new Toys("bin/toy", List.of()), ", 1 thread");
    page.heading("Part %d", 2);
    page.line("100 %");
    page.table(
        List.of(1, 20),
        List.of(
            new Column<>("row", row -> "r" + row),
            new Column<>("half", row -> Markdown.number(row / 2.0))));
    assertThat(page)
        .hasToString(
            """
            # Toys

            today, a machine, 1 thread. Made by

            ```sh
            bin/toy
            ```


            ## Part 2

            100 %
            | row | half |
            |---|---|
            | r1 | 0.50 |
            | r20 | 10.0 |
            """);
  }

  @Test
  void numbersHaveAboutThreeDigitsInAnyLanguage() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(Markdown.number(1.234)).isEqualTo("1.23");
      assertThat(Markdown.number(12.34)).isEqualTo("12.3");
      assertThat(Markdown.number(1234.6)).isEqualTo("1235");
    } finally {
      Locale.setDefault(before);
    }
  }
}
