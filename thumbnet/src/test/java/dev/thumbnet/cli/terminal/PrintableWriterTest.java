package dev.thumbnet.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** Whichever way text is printed or logged, no terminal obeys it, and a value is one line. */
final class PrintableWriterTest {
  private static final String BREAK = System.lineSeparator();
  private static final String EVIL = "a\u001B[2J\nb\u009B\u202E";
  private static final String SPELLED = "a\\u001B[2J\\nb\\u009B\\u202E";

  private final StringWriter seen = new StringWriter();
  private final PrintableWriter writer = new PrintableWriter(new PrintWriter(seen));

  @Test
  void whatIsPrintedAsALineIsOne() {
    writer.println(EVIL);
    writer.println((Object) EVIL);
    writer.println(EVIL.toCharArray());
    assertThat(seen).hasToString((SPELLED + BREAK).repeat(3));
  }

  @Test
  void eachValueOfAPatternIsOneLine() {
    writer.printf("%s: %d%n", EVIL, 1);
    writer.format(Locale.ROOT, "%s, %.1f%n", new StringBuilder(EVIL), 0.5);
    assertThat(seen).hasToString(SPELLED + ": 1" + BREAK + SPELLED + ", 0.5" + BREAK);
  }

  @Test
  void tablesKeepTheirLinesAndLoseEscapes() {
    writer.print("x\ny\u001B[31m\rz");
    writer.append("\u0007").write("\u200B");
    writer.flush();
    assertThat(seen).hasToString("x\ny\\u001B[31m\rz\\u0007\\u200B");
  }

  @Test
  void aStackTraceKeepsItsFrames() {
    new IllegalStateException(EVIL).printStackTrace(writer);
    assertThat(seen.toString().lines().toList().getFirst()).endsWith(": " + SPELLED);
    assertThat(seen.toString()).contains(BREAK + "\tat ").doesNotContain("\u001B");
  }

  @Test
  void whatIsLoggedIsALine() {
    LogRecord logged = new LogRecord(Level.WARNING, "skipped " + EVIL);
    assertThat(new LogLines().format(logged))
        .isEqualTo("thumbnet: WARNING: skipped " + SPELLED + BREAK);
  }
}
