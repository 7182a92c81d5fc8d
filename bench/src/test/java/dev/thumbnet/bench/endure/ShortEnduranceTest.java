package dev.thumbnet.bench.endure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.bench.endure.trial.PartResult;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each part of {@code bench/bin/endure} finds nothing in the first of its cases. */
class ShortEnduranceTest {
  private static final Duration SHARE = Duration.ofSeconds(5);
  private static final long CASES = 2000;

  private static PartStart.Order order(Part part, OptionalLong only) {
    long least = part.needs().cases() == 0 ? 0 : CASES;
    return new PartStart.Order(part, 1, SHARE, least, only);
  }

  @ParameterizedTest
  @EnumSource
  void nothing_happens_that_must_not(Part part) throws Exception {
    PartResult found = PartProcess.start(order(part, OptionalLong.empty()));
    assertThat(found.violations()).as("%s", found).isZero();
    assertThat(found.cases()).isPositive();
  }

  @Test
  void a_case_can_be_repeated() throws Exception {
    PartResult found = PartProcess.start(order(Part.MODELS, OptionalLong.of(1234)));
    assertThat(found.cases()).isEqualTo(1);
    assertThat(found.slowestCase()).isEqualTo(1234);
    assertThat(found.violations()).as("%s", found).isZero();
  }
}
