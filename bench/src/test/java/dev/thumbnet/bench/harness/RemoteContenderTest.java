package dev.thumbnet.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A contender in another JVM gives the same bits, takes turns, and is missed when it ends. */
class RemoteContenderTest {
  private static final float[] RESULT = {1 / 3f, -0f, 1e-42f, Float.NaN, Float.POSITIVE_INFINITY};

  /** Serves a contender; with an argument it ends at once. */
  public static void main(String[] args) throws IOException {
    if (args.length == 0) {
      RemoteContender.serve(
          new Fake("far", RESULT),
          new InputStreamReader(System.in),
          new OutputStreamWriter(System.out));
    }
  }

  private static RemoteContender start(String... arguments) throws IOException {
    return new RemoteContender(
        Subprocess.jvm(
            "far",
            List.of("-XX:TieredStopAtLevel=1"),
            Subprocess.classPath(),
            RemoteContenderTest.class,
            arguments));
  }

  @Test
  void runsAndTakesTurns() throws Exception {
    try (RemoteContender far = start()) {
      assertThat(far.name()).isEqualTo("far");
      assertThat(far.run()).containsExactly(RESULT);
      List<Scatter> times = new Turns(0, 1, 0).measure(List.of(new Fake("near", 1), far));
      assertThat(times).hasSize(2).allMatch(time -> time.median() >= 0);
      assertThat(far.run()).containsExactly(RESULT);
    }
  }

  @Test
  void saysThatItEnded() throws Exception {
    try (RemoteContender gone = start("end")) {
      assertThatIllegalStateException()
          .isThrownBy(gone::run)
          .withMessage("far has ended, see above");
    }
  }
}
