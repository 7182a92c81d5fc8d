package dev.thumbnet.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The shared problem list holds each problem once, in its printed form, the layers of ResNet-18
 * first.
 */
class ProblemListTest {
  @Test
  void holdsEachProblemOnce() {
    assertThat(ProblemList.conv2d()).doesNotHaveDuplicates().hasSizeGreaterThan(300);
    assertThat(ProblemList.pool()).doesNotHaveDuplicates().hasSizeGreaterThan(20);
  }

  @Test
  void linesAreThePrintedForm() {
    List<Conv2dProblem> problems = ProblemList.conv2d();
    assertThat(problems)
        .allSatisfy(p -> assertThat(Conv2dProblem.parse(p.toString())).isEqualTo(p));
    assertThat(ProblemList.pool())
        .allSatisfy(p -> assertThat(PoolProblem.parse(p.toString())).isEqualTo(p));
  }

  /** The layers of ResNet-18 at 224 pixels have 1.8136 GMAC; with repeats, less the last layer. */
  @Test
  void startsWithTheLayersOfResNet18() {
    int[] repeats = {1, 4, 1, 1, 3, 1, 1, 3, 1, 1, 3};
    long macs = 0;
    for (int i = 0; i < repeats.length; i++) {
      macs += repeats[i] * ProblemList.conv2d().get(i).macs();
    }
    assertThat(macs + 512_000).isEqualTo(1_814_073_344L);
  }
}
