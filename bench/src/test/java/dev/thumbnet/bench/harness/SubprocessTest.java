package dev.thumbnet.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Another JVM runs with its own flags, and whether it fails is seen. */
class SubprocessTest {
  /** Prints a property and its arguments; without any it fails. */
  public static void main(String[] args) {
    if (args.length == 0) {
      System.exit(3);
    }
    System.out.println(System.getProperty("toy"));
    System.out.println(String.join("|", args));
  }

  private static List<String> run(String... arguments) throws IOException, InterruptedException {
    return Subprocess.jvm(
            "a toy",
            List.of("-Dtoy=yes", "-XX:TieredStopAtLevel=1"),
            Subprocess.classPath(),
            SubprocessTest.class,
            arguments)
        .run();
  }

  @Test
  void returnsWhatItPrinted() throws Exception {
    assertThat(run("one", "two words")).containsExactly("yes", "one|two words");
  }

  @Test
  void hasMoreVariablesInItsEnvironment() throws Exception {
    Subprocess plain = new Subprocess("a shell", List.of("sh", "-c", "echo $TOY-$MORE"));
    assertThat(plain.with("TOY", "1").with("MORE", "2").run()).containsExactly("1-2");
    assertThat(plain.run()).containsExactly("-");
  }

  @Test
  void namesWhatFailed() {
    assertThatIOException()
        .isThrownBy(SubprocessTest::run)
        .withMessage("a toy ended with exit code 3, see above");
  }
}
