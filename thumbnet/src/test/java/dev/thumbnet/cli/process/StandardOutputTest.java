package dev.thumbnet.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Output that cannot be written is told of at once. */
final class StandardOutputTest {
  private static PrintWriter failing(String reason) {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(reason);
          }
        };
    return StandardOutput.writer(full, StandardCharsets.UTF_8);
  }

  @Test
  void aLineIsWrittenAtOnce() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    StandardOutput.writer(bytes, StandardCharsets.UTF_8).println("grün");
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("grün" + System.lineSeparator());
  }

  @Test
  void aFullDiskIsAFailure() {
    assertThatThrownBy(() -> failing("No space left on device").println("text"))
        .isInstanceOf(OutputException.class)
        .hasMessage("the output cannot be written: No space left on device")
        .asInstanceOf(type(OutputException.class))
        .matches(e -> !e.readerIsGone());
  }

  @Test
  void aReaderWhoHasGoneIsNone() {
    assertThatThrownBy(() -> failing("Broken pipe").println("text"))
        .asInstanceOf(type(OutputException.class))
        .matches(OutputException::readerIsGone);
  }
}
