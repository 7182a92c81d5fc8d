package dev.thumbnet.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file that is no picture, or of a kind that is not read, is called by its name. */
class ForeignFilesTest {
  private final ImageDecoder decoder = new ImageDecoder();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version https://git-lfs.github.com/spec/v1\\n"
            + "oid sha256:1 | a Git LFS pointer | git lfs pull",
        "  <!DOCTYPE HTML><p>404 | a web page | download the picture again",
        "<html lang=en> | a web page | download",
        "<?xml version='1.0'?>\\n<svg width='3'> | an SVG drawing | export",
        "<svg xmlns='x'/> | an SVG drawing | export",
        "{\"error\": 404} | a JSON text | not a picture",
        "hello | a text | not a picture",
        "....ftypheic....mif1 | a HEIC picture | convert",
        "....ftypmif1....mif1heic | a HEIC picture | convert",
        "....ftypavif....mif1 | an AVIF picture | convert",
        "....ftypmif1....mif1avif | an AVIF picture | convert",
        "....ftypisom....mp41 | a video (MP4) | frame",
        "....ftypqt  .... | a video (QuickTime) | frame",
        "....moov | a video (QuickTime) | frame",
        "RIFF....AVI LIST | a video (AVI) | frame",
        "\\32E\u00DF\u00A3.... | a video (Matroska or WebM) | frame",
        "\\0\\0\\0\\fjP  \\r\\n.... | a JPEG 2000 picture | convert",
        "\u00FFO\u00FFQ\\0 | a JPEG 2000 picture | convert",
        "\u00FF\\n\\0\\0 | a JPEG XL picture | convert",
        "\\0\\0\\0\\fJXL \\r\\n | a JPEG XL picture | convert",
        "%PDF-1.7 | a PDF document | save its page",
        "PK\\3\\4.... | a ZIP archive | unpack",
        "\\37\u008B\\b\\0 | a gzip file | unpack",
        "8BPS\\0\\1 | a Photoshop document | convert",
        "\\0\\0\\1\\0\\1\\0 | a Windows icon | convert",
        "icns\\0\\0 | an Apple icon | convert",
        "II+\\0\\b\\0 | a BigTIFF picture | usual TIFF",
        "\\0\\5\\26\\7\\0\\2 | what macOS keeps beside a file | not the file itself",
        "P7\\nWIDTH 3 | a PAM picture | convert",
        "Pf\\n3 2 | a PFM picture | convert",
        "\\0\\0\\0\\0\\0 | holds nothing but zeros | lost",
        "\\2\\1\\0\u00FE\u00FF | not a picture in a known format (JPEG, PNG | WebP"
      })
  void its_kind_and_the_remedy_are_named(String begin, String kind, String remedy) {
    byte[] file = begin.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> decoder.decode(file, "cat.jpg"))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("cat.jpg: ")
        .hasMessageContaining(kind)
        .hasMessageContaining(remedy);
  }

  @Test
  void text_in_two_bytes_a_letter_is_text() {
    byte[] file = "\uFEFF<html>".getBytes(StandardCharsets.UTF_16LE);
    assertThatThrownBy(() -> decoder.decode(file, "p")).hasMessageContaining("a web page");
  }

  @Test
  void nothing_of_a_file_reaches_a_terminal_raw() {
    ImageException e = new ImageException("a\u001B[2J\u202Eb\u009B", "x\u0007\r\ny\u2066");
    assertThat(e).hasMessage("a\\u001B[2J\\u202Eb\\u009B: x\\u0007\\r\\ny\\u2066");
    byte[] pnm = "P2\n2 1\n255\n12 \u001B[31m".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> decoder.decode(pnm, "p")).hasMessageNotContaining("\u001B");
  }
}
