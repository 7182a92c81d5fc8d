package dev.thumbnet.data.image.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names files that are not decoded, by how they begin, and what to do about them. */
final class Foreign {
  /** How a file of some kind begins: a name at a place. */
  private record Sign(int at, String name, String kind) {}

  private static final String CONVERT = "; convert it to JPEG or PNG first";
  private static final String EXTRACT = "; unpack it first";
  private static final String FRAME = "; save a frame of it as a picture first";

  private static final List<Sign> SIGNS =
      List.of(
          new Sign(0, "\0\0\0\fjP  \r\n", "a JPEG 2000 picture" + CONVERT),
          new Sign(0, "\u00FFO\u00FFQ", "a JPEG 2000 picture" + CONVERT),
          new Sign(0, "\0\0\0\fJXL \r\n", "a JPEG XL picture" + CONVERT),
          new Sign(0, "\u00FF\n", "a JPEG XL picture" + CONVERT),
          new Sign(0, "II\u00BC", "a JPEG XR picture" + CONVERT),
          new Sign(0, "II+\0", "a BigTIFF picture; save it as a usual TIFF or PNG first"),
          new Sign(0, "MM\0+", "a BigTIFF picture; save it as a usual TIFF or PNG first"),
          new Sign(0, "8BPS", "a Photoshop document" + CONVERT),
          new Sign(0, "gimp xcf", "a GIMP document" + CONVERT),
          new Sign(0, "icns", "an Apple icon" + CONVERT),
          new Sign(0, "\0\0\1\0", "a Windows icon" + CONVERT),
          new Sign(0, "DDS ", "a DirectDraw texture" + CONVERT),
          new Sign(0, "v/1\1", "an OpenEXR picture" + CONVERT),
          new Sign(0, "#?R", "a Radiance HDR picture" + CONVERT),
          new Sign(0, "qoif", "a QOI picture" + CONVERT),
          new Sign(0, "BPG\u00FB", "a BPG picture" + CONVERT),
          new Sign(0, "FLIF", "a FLIF picture" + CONVERT),
          new Sign(0, "P7\n", "a PAM picture" + CONVERT),
          new Sign(0, "PF\n", "a PFM picture of floating-point numbers" + CONVERT),
          new Sign(0, "Pf\n", "a PFM picture of floating-point numbers" + CONVERT),
          new Sign(0, "SIMPLE  =", "a FITS file" + CONVERT),
          new Sign(128, "DICM", "a DICOM file" + CONVERT),
          new Sign(0, "AT&TFORM", "a DjVu document" + CONVERT),
          new Sign(0, "\u00D7\u00CD\u00C6\u009A", "a Windows metafile" + CONVERT),
          new Sign(40, " EMF", "a Windows metafile" + CONVERT),
          new Sign(0, "FUJIFILMCCD-RAW", "a camera's raw picture" + CONVERT),
          new Sign(0, "%PDF", "a PDF document; save its page as a picture first"),
          new Sign(0, "%!PS", "a PostScript document; save its page as a picture first"),
          new Sign(0, "\u001AE\u00DF\u00A3", "a video (Matroska or WebM)" + FRAME),
          new Sign(8, "AVI ", "a video (AVI)" + FRAME),
          new Sign(0, "FLV\1", "a video (FLV)" + FRAME),
          new Sign(0, "\0\0\1\u00BA", "a video (MPEG)" + FRAME),
          new Sign(0, "\0\0\1\u00B3", "a video (MPEG)" + FRAME),
          new Sign(0, "0&\u00B2u", "a video (Windows Media)" + FRAME),
          new Sign(0, "OggS", "a recording (Ogg)" + FRAME),
          new Sign(4, "moov", "a video (QuickTime)" + FRAME),
          new Sign(4, "mdat", "a video (QuickTime)" + FRAME),
          new Sign(4, "wide", "a video (QuickTime)" + FRAME),
          new Sign(8, "WAVE", "a sound, not a picture"),
          new Sign(0, "ID3", "a sound, not a picture"),
          new Sign(0, "PK\3\4", "a ZIP archive" + EXTRACT),
          new Sign(0, "PK\5\6", "an empty ZIP archive" + EXTRACT),
          new Sign(0, "\u001F\u008B", "a gzip file" + EXTRACT),
          new Sign(0, "BZh", "a bzip2 file" + EXTRACT),
          new Sign(0, "\u00FD7zXZ", "an xz file" + EXTRACT),
          new Sign(0, "(\u00B5/\u00FD", "a Zstandard file" + EXTRACT),
          new Sign(0, "7z\u00BC\u00AF", "a 7-Zip archive" + EXTRACT),
          new Sign(0, "Rar!", "a RAR archive" + EXTRACT),
          new Sign(257, "ustar", "a tar archive" + EXTRACT),
          new Sign(
              0, "\0\5\26\7", "what macOS keeps beside a file (AppleDouble), not the file itself"),
          new Sign(0, "\u0093NUMPY", "a NumPy array; save it as PNG first"),
          new Sign(0, "\u0089HDF", "an HDF5 file; save the picture as PNG first"),
          new Sign(0, "\177ELF", "a program"),
          new Sign(0, "MZ", "a program"));

  private static final String KNOWN =
      "not a picture in a known format (JPEG, PNG, BMP, GIF, TIFF, PNM, WebP)";

  /** How much of a file is looked at to know whether it is text. */
  private static final int LOOK = 1024;

  private Foreign() {}

  static String describe(Bytes data) {
    if (data.length() == 0) {
      return "the file is empty";
    }
    if (data.has(4, "ftyp")) {
      return "is " + container(data);
    }
    for (Sign sign : SIGNS) {
      if (data.has(sign.at, sign.name)) {
        return "is " + sign.kind;
      }
    }
    if (isZero(data)) {
      return "holds nothing but zeros; its content was lost";
    }
    String text = text(data);
    return text == null ? KNOWN : "is " + textKind(text);
  }

  /** Containers of ISO's base media format name their kind and what else they are. */
  private static String container(Bytes data) {
    for (int at = 8; at + 4 <= Math.min(data.length(), 64); at += at == 8 ? 8 : 4) {
      if (data.has(at, "avif") || data.has(at, "avis")) {
        return "an AVIF picture" + CONVERT;
      } else if (data.has(at, "hei") || data.has(at, "hev")) {
        return "a HEIC picture" + CONVERT;
      }
    }
    if (data.has(8, "mif1") || data.has(8, "msf1")) {
      return "a HEIF picture" + CONVERT;
    } else if (data.has(8, "crx ")) {
      return "a camera's raw picture" + CONVERT;
    } else if (data.has(8, "jp2 ") || data.has(8, "jpx ")) {
      return "a JPEG 2000 picture" + CONVERT;
    } else if (data.has(8, "M4A")) {
      return "a sound, not a picture";
    }
    return "a video (" + (data.has(8, "qt  ") ? "QuickTime" : "MP4") + ")" + FRAME;
  }

  private static boolean isZero(Bytes data) {
    for (byte b : data.file()) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** How the file begins if it is text, or null. */
  private static @Nullable String text(Bytes data) {
    int length = Math.min(data.length(), LOOK);
    if (data.has(0, "\u00FF\u00FE") || data.has(0, "\u00FE\u00FF")) {
      boolean little = data.has(0, "\u00FF\u00FE");
      return new String(
          data.file(),
          2,
          length - 2,
          little ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE);
    }
    for (int cut = 0; cut < 4 && cut < length; cut++) {
      try {
        // The last letter may have been cut in two.
        ByteBuffer start = ByteBuffer.wrap(data.file(), 0, length - cut);
        String text = StandardCharsets.UTF_8.newDecoder().decode(start).toString();
        boolean strange = text.chars().anyMatch(c -> c < ' ' && c != 27 && (c < 8 || c > 13));
        return strange ? null : text;
      } catch (CharacterCodingException e) {
        // One byte less, or no text.
      }
    }
    return null;
  }

  private static String textKind(String text) {
    String start = text.replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT);
    if (start.startsWith("version https://git-lfs")) {
      return "a Git LFS pointer, not the picture itself; fetch it with 'git lfs pull'";
    } else if (start.startsWith("<svg") || start.startsWith("<?xml") && start.contains("<svg")) {
      return "an SVG drawing; export it as PNG first";
    } else if (start.startsWith("<!doctype html")
        || start.startsWith("<html")
        || start.contains("<html")
        || start.startsWith("<head")) {
      return "a web page (HTML), perhaps an error page; download the picture again";
    } else if (start.startsWith("<")) {
      return "an XML text, not a picture";
    } else if (start.startsWith("{") || start.startsWith("[")) {
      return "a JSON text, not a picture";
    }
    return "a text, not a picture";
  }
}
