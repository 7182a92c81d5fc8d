package dev.thumbnet.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.Padding;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import java.util.List;
import java.util.Map;
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

  @Test
  void sidesAndAxesAreWrittenAsShortlyAsCanBe() {
    for (String line :
        List.of(
            "n1 h7 w9 c3 k4 r3 s3 st1 p1",
            "n1 h7 w9 c3 k4 r3 s2 st2x1 p1x0 d2",
            "n1 h7 w9 c4 k4 r3 s3 st2 p0,0,1,1 d2x1 g2")) {
      assertThat(Conv2dProblem.parse(line)).hasToString(line);
    }
    for (String line :
        List.of("n1 h7 w9 c3 r3 s3 st1 p1", "n1 h7 w9 c3 r3 s2 st2x1 p0,1,1,0 d2 ceil")) {
      assertThat(PoolProblem.parse(line)).hasToString(line);
    }
    Conv2dProblem sides = Conv2dProblem.parse("n1 h8 w8 c3 k4 r3 s3 st2 p0,1,2,3");
    assertThat(sides.pad()).isEqualTo(new Padding(0, 1, 2, 3));
    assertThat(sides.outH()).isEqualTo(4);
    assertThat(sides.outW()).isEqualTo(5);
  }

  @Test
  void saysWhatIsWrongWithALine() {
    Map<String, String> wrong =
        Map.of(
            "p0,1,2", "has not four sides",
            "p0,1,2,x", "is no number: 'x'",
            "p0,-1,0,0", "padding on the left must be at least 0",
            "p2000000000", "padded height must be at most",
            "st2000000000", "vertical stride must be at most",
            "d2000000000", "vertical dilation must be at most",
            "ceil", "unknown field 'ceil'");
    wrong.forEach(
        (field, message) ->
            assertThatIllegalArgumentException()
                .isThrownBy(() -> Conv2dProblem.parse("n1 h8 w8 c3 k4 r3 s3 " + field))
                .withMessageContaining(message));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PoolProblem.parse("n1 h8 w8 c3 r3 s3 ceil1"))
        .withMessageContaining("takes no number");
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
