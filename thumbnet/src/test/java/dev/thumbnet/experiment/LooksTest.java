package dev.thumbnet.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.experiment.report.Look;
import dev.thumbnet.experiment.report.Look.Shape;
import dev.thumbnet.experiment.report.Looks;
import dev.thumbnet.method.Method;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each method and study can be found and each method be told from all others. */
final class LooksTest {
  @Test
  void eachMethodHasALookOfItsOwn() {
    assertThat(Methods.ALL).extracting(Method::key).doesNotHaveDuplicates();
    assertThat(Methods.ALL)
        .extracting(method -> Looks.ALL.of(method.key()))
        .doesNotHaveDuplicates();
    assertThat(Methods.ALL).extracting(Method::name).doesNotHaveDuplicates();
  }

  @Test
  void noMethodIsDrawnAsAnother() {
    assertThatThrownBy(() -> Looks.ALL.of("other"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'other'");
    Look look = new Look(Optional.empty(), Shape.WEDGE, true);
    Looks more = Looks.ALL.with("other", look);
    assertThat(more.of("other")).isEqualTo(look);
    assertThatThrownBy(() -> more.with("third", look)).hasMessageContaining("'other'");
    assertThatThrownBy(() -> more.with("other", new Look(Optional.empty(), Shape.CIRCLE, true)))
        .hasMessageContaining("'other'");
  }

  @Test
  void unknownNamesListTheKnownOnes() {
    assertThatThrownBy(() -> Methods.of("other"))
        .hasMessage(
            "there is no method 'other'; known are original, trial-teacher, direct, direct-bn,"
                + " bicubic, supervised, bicubic-distill, supervised-distill, thumbnet,"
                + " thumbnet-variant, downscaler, transfer, patch-front, dct-front, thinet,"
                + " l1-pruning, random-pruning, thin-scratch, pruned-student, weight-format, probe,"
                + " lowrank-svd, lowrank-spatial, lowrank-tucker, narrow, slimmable, us-net, lwae");
    assertThatThrownBy(() -> Studies.of("other"))
        .hasMessage(
            "there is no study 'other'; known are paper, rivals, ablation, downscalers,"
                + " transfer, combine, information");
  }
}
