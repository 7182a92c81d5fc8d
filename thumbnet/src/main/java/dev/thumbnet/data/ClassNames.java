package dev.thumbnet.data;

import dev.thumbnet.engine.io.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Names of classes in one form, whichever system they come from: composed (Unicode's NFC), as all
 * but macOS's folders are, and without the byte order mark that some editors put before a text.
 */
public final class ClassNames {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /** Characters below stay as they are in every form. */
  private static final char FIRST_COMBINING = '\u0300';

  private static final System.Logger LOG = System.getLogger(ClassNames.class.getName());

  private ClassNames() {}

  /** Returns a name in the one form. */
  public static String canonical(String name) {
    if (name.chars().allMatch(c -> c < FIRST_COMBINING)) {
      return name;
    }
    String marked = name.charAt(0) == BYTE_ORDER_MARK ? name.substring(1) : name;
    return Normalizer.normalize(marked, Normalizer.Form.NFC);
  }

  /** Returns names in the one form. */
  public static List<String> canonical(List<String> names) {
    return names.stream().map(ClassNames::canonical).toList();
  }

  /** Tells whether two lists name the same classes in the same order. */
  public static boolean same(List<String> some, List<String> others) {
    return canonical(some).equals(canonical(others));
  }

  /**
   * Reads a text file in UTF-8 with a name on each line; lines without one are passed over. Of
   * names that occur several times, as some of ImageNet do, the later ones get a number.
   *
   * @throws IllegalArgumentException if the file cannot be read or is no such text; the message
   *     names it and the line
   */
  public static List<String> read(Path file) {
    List<String> names = new ArrayList<>();
    int number = 0;
    for (String line : text(file).split("\r\n|\r|\n", -1)) {
      number++;
      String name = canonical(line).strip();
      checkPrintable(name, file, number);
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return distinct(names, file);
  }

  private static String text(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": cannot be read: " + e, e);
    }
    int mark = bytes.length < 2 ? 0 : (bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF;
    if (mark == 0xFFFE || mark == 0xFEFF) {
      throw new IllegalArgumentException(file + ": is a text in UTF-16; save it in UTF-8");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(file + ": is no text in UTF-8; save it as one", e);
    }
  }

  private static void checkPrintable(String name, Path file, int line) {
    name.codePoints()
        .filter(c -> !Printable.isVisible(c))
        .findFirst()
        .ifPresent(
            c -> {
              throw new IllegalArgumentException(
                  String.format(
                      Locale.ROOT,
                      "%s: line %d has the invisible character U+%04X; give each class a plain"
                          + " name",
                      file,
                      line,
                      c));
            });
  }

  private static List<String> distinct(List<String> names, Path file) {
    Set<String> all = new HashSet<>(names);
    Set<String> seen = new HashSet<>();
    Set<String> repeated = new TreeSet<>();
    List<String> distinct = new ArrayList<>();
    for (String name : names) {
      String own = name;
      for (int n = 2; !seen.add(own); n++) {
        repeated.add(name);
        String numbered = name + " (" + n + ")";
        own = all.contains(numbered) ? own : numbered;
      }
      distinct.add(own);
    }
    if (!repeated.isEmpty()) {
      LOG.log(
          System.Logger.Level.WARNING,
          file
              + ": several classes have the same name, of which the later ones get a number: "
              + String.join(", ", repeated));
    }
    return List.copyOf(distinct);
  }
}
