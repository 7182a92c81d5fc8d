package dev.thumbnet.method.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Criteria that look at weights alone. */
final class CriterionTest {
  /** Filters are the columns: their norms are 3, 5, 3.5, 3, whatever the signs. */
  private static final Tensor WEIGHT =
      Tensor.of(
          Device.reference(),
          new double[] {1, -4, 0, 2, -2, 0.5, 0, 1, 0, 0.5, -3.5, 0},
          1,
          3,
          1,
          4);

  @Test
  void filtersOfTheLargestNormsStay() {
    assertThat(Criterion.largestNorms(WEIGHT, 1, new Rng(1))).isEqualTo(Choice.of(List.of(1)));
    assertThat(Criterion.largestNorms(WEIGHT, 2, new Rng(1))).isEqualTo(Choice.of(List.of(1, 2)));
    assertThat(Criterion.largestNorms(WEIGHT, 3, new Rng(1)).channels())
        .as("of equals the first")
        .containsExactly(0, 1, 2);
    assertThat(Criterion.largestNorms(WEIGHT, 4, new Rng(1))).isEqualTo(Choice.all(4));
  }

  @Test
  void chanceIsDecidedByTheSeedAndFair() {
    Set<Choice> seen = new HashSet<>();
    for (long seed = 0; seed < 100; seed++) {
      Choice choice = Criterion.random(WEIGHT, 2, new Rng(seed));
      assertThat(choice).isEqualTo(Criterion.random(WEIGHT, 2, new Rng(seed)));
      assertThat(choice.channels()).hasSize(2).isSorted().doesNotHaveDuplicates();
      assertThat(choice.scales()).isEqualTo(Collections.nCopies(2, 1.0));
      seen.add(choice);
    }
    assertThat(seen).as("all pairs of four").hasSize(6);
  }
}
