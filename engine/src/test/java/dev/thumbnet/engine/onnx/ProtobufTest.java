package dev.thumbnet.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The examples are those of the format's own description, encoded by hand. */
final class ProtobufTest {

  private static String hex(Protobuf message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    message.writeTo(bytes);
    assertThat(message.size()).isEqualTo(bytes.size());
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  @Test
  void writesFields() throws IOException {
    assertThat(hex(new Protobuf())).isEmpty();
    assertThat(hex(new Protobuf().integer(1, 150))).isEqualTo("089601");
    assertThat(hex(new Protobuf().integer(1, 0))).isEqualTo("0800");
    assertThat(hex(new Protobuf().integer(1, -1))).isEqualTo("08ffffffffffffffffff01");
    assertThat(hex(new Protobuf().integer(20, 7))).isEqualTo("a00107");
    assertThat(hex(new Protobuf().text(2, "testing"))).isEqualTo("120774657374696e67");
    assertThat(hex(new Protobuf().real(2, 1f))).isEqualTo("150000803f");
  }

  @Test
  void nestsMessages() throws IOException {
    Protobuf inner = new Protobuf().integer(1, 150).text(2, "é");
    assertThat(hex(new Protobuf().message(3, inner).integer(4, 1)))
        .isEqualTo("1a07" + "089601" + "1202c3a9" + "2001");
    assertThat(hex(new Protobuf().bytes(3, new byte[200]))).startsWith("1ac801").hasSize(406);
  }
}
