package dev.thumbnet.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Names stay text in Markdown: no table, code, link, HTML, heading or list is made of them. */
final class MarkdownTest {
  @Test
  void marksAreEscaped() {
    assertThat(Markdown.escape("a|b`c`*d*_e_[f](g)~h~$i$\\"))
        .isEqualTo("a\\|b\\`c\\`\\*d\\*\\_e\\_\\[f\\](g)\\~h\\~\\$i\\$\\\\");
    assertThat(Markdown.escape("<script>&amp;")).isEqualTo("&lt;script&gt;&amp;amp;");
    assertThat(Markdown.escape("a\n\n# b\u001B")).isEqualTo("a\\\\n\\\\n# b\\\\u001B");
  }

  @Test
  void beginningsOfLinesAreEscaped() {
    assertThat(Markdown.escape("# a")).isEqualTo("\\# a");
    assertThat(Markdown.escape("- a")).isEqualTo("\\- a");
    assertThat(Markdown.escape("1. a")).isEqualTo("1\\. a");
    assertThat(Markdown.escape("12.5")).isEqualTo("12.5");
    assertThat(Markdown.escape("Bicubic + Distill 4:1")).isEqualTo("Bicubic + Distill 4:1");
  }

  @Test
  void codeEndsWhereItShould() {
    assertThat(Markdown.code("thumbnet reproduce")).isEqualTo("`thumbnet reproduce`");
    assertThat(Markdown.code("a `b` ``c`` <d>\n")).isEqualTo("``` a `b` ``c`` <d>\\n ```");
  }
}
