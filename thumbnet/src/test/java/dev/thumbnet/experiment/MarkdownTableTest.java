package dev.thumbnet.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MarkdownTableTest {
  @Test
  void everyRowHasTheSameCells() {
    Results results =
        MadeUpResults.of(List.of(1L))
            .with(MadeUpResults.timings(), MadeUpResults.paperCosts(), List.of());
    List<String> rows =
        MarkdownTable.of(results).lines().filter(line -> line.startsWith("|")).toList();
    assertThat(rows).hasSize(2 + results.rows().size());
    assertThat(rows).allMatch(row -> row.chars().filter(c -> c == '|').count() == 11);
    assertThat(rows)
        .anyMatch(row -> row.startsWith("| ThumbNet 4:1 | 64 × 64 | 86.6 | 91.6 | 86.4 | 12.0 |"));
  }

  @Test
  void itIsCompleteBeforeTimesAreMeasured() {
    assertThat(MarkdownTable.of(MadeUpResults.of(List.of(1L, 3L)))).contains("86.7 ± 0.1");
  }
}
