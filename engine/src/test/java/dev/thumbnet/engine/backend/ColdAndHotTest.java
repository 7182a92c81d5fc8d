package dev.thumbnet.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The first call of a primitive, which the JVM interprets, gives the same bits as the thousandth,
 * which it has compiled. Some operations of the Vector API do not: sums over lanes may be done in
 * another order and exponentials by other code. Only a fresh JVM has first calls.
 */
class ColdAndHotTest {
  @Test
  void compilingDoesNotChangeTheBits() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                ColdAndHot.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(output).contains("same bits");
    assertThat(process.exitValue()).isZero();
  }
}
