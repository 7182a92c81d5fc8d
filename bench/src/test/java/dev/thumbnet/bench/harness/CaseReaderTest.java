package dev.thumbnet.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cases are read word by word, and what does not fit is explained. */
class CaseReaderTest {
  private static String read(String text) {
    CaseReader words = new CaseReader(text, "full vgg11 7 b2 odd");
    return words.constant(Effort.class, "effort")
        + " "
        + words.network()
        + " "
        + words.size()
        + " "
        + words.batch()
        + " "
        + words.endsWith("odd");
  }

  @Test
  void reads() {
    assertThat(read("quick resnet18 224 b16")).isEqualTo("QUICK resnet18 224 16 false");
    assertThat(read("  full  vgg11_bn 56 b1 odd ")).isEqualTo("FULL vgg11_bn 56 1 true");
  }

  @ParameterizedTest
  @CsvSource({
    "'', the effort is quick or full",
    "FULL vgg11 7 b2, the effort is quick or full",
    "full, it ends before the network",
    "full vgg12 7 b2, known networks are resnet18",
    "full vgg11, it ends before the size",
    "full vgg11 big b2, the size must be a whole number from 1 on",
    "full vgg11 0 b2, the size must be a whole number from 1 on",
    "full vgg11 7, it ends before the batch",
    "full vgg11 7 2, the batch is written like b16",
    "full vgg11 7 b, the batch must be a whole number from 1 on",
    "full vgg11 7 b2 even, nothing or \"odd\" may stand at its end",
    "full vgg11 7 b2 odd odd, \"odd\" is too much"
  })
  void explains(String text, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(text))
        .withMessageStartingWith("\"" + text + "\" is no case (")
        .withMessageContaining(why)
        .withMessageEndingWith("write it like \"full vgg11 7 b2 odd\"");
  }

  @Test
  void allThatIsLeft() {
    CaseReader words = new CaseReader("full  a b  c", "full x");
    words.constant(Effort.class, "effort");
    assertThat(words.rest()).isEqualTo("a b c");
    words.end();
  }

  @Test
  void theEndIsTheEnd() {
    CaseReader words = new CaseReader("full more", "full");
    words.constant(Effort.class, "effort");
    assertThatIllegalArgumentException()
        .isThrownBy(words::end)
        .withMessageContaining("\"more\" is too much");
  }
}
