package dev.thumbnet.engine.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What a terminal or a reader's eye would obey becomes visible, and all else stays as it is. */
final class PrintableTest {
  @Test
  void whatMovesOrHidesTextIsSpelledOut() {
    for (int c :
        List.of(
            0x00, 0x07, 0x08, 0x1B, 0x7F, 0x80, 0x85, 0x9B, 0x9D, 0xAD, 0x061C, 0x200B, 0x200D,
            0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x2060, 0x2066, 0x2069, 0xFEFF,
            0xFFFE)) {
      String spelled = String.format("a\\u%04Xb", c);
      assertThat(Printable.line("a" + Character.toString(c) + "b")).isEqualTo(spelled);
      assertThat(Printable.lines("a" + Character.toString(c) + "b")).isEqualTo(spelled);
    }
    assertThat(Printable.line("\uD83D")).isEqualTo("\\uD83D");
    assertThat(Printable.line(Character.toString(0xE0041))).isEqualTo("\\uDB40\\uDC41");
  }

  @Test
  void linesStayWhereTheyAreWanted() {
    assertThat(Printable.line("a\r\nb\tc")).isEqualTo("a\\r\\nb\tc");
    assertThat(Printable.lines("a\r\nb\tc")).isEqualTo("a\r\nb\tc");
  }

  @Test
  void lettersOfAllLanguagesStay() {
    String text = "plain ÄÖ é 犬 собака كلب कुत्ता 🐕 \\ \"'`|<&>";
    assertThat(Printable.line(text)).isSameAs(text);
  }

  @Property(tries = 500)
  void nothingIsLeftThatIsNotVisible(@ForAll String text) {
    assertThat(Printable.line(text).codePoints())
        .allMatch(c -> c == '\t' || !Character.isISOControl(c) && Character.getType(c) != 16);
    assertThat(Printable.line(Printable.line(text))).isEqualTo(Printable.line(text));
  }

  @Test
  void aLongTextIsCutBetweenCharacters() {
    assertThat(Printable.line("abc", 3)).isEqualTo("abc");
    assertThat(Printable.line("abcd", 3)).isEqualTo("abc...");
    assertThat(Printable.line("ab\uD83D\uDE00", 3)).isEqualTo("ab...");
  }
}
