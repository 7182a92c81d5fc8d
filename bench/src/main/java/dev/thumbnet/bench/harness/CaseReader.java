package dev.thumbnet.bench.harness;

import dev.thumbnet.model.Architecture;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads the words of a case such as {@code forward resnet18 224 b1} one after the other. What does
 * not fit is an {@link IllegalArgumentException} that shows how a case is written.
 */
public final class CaseReader {
  private final String text;
  private final String example;
  private final Iterator<String> words;

  /**
   * Begins with the first word.
   *
   * @param example a case that is written as it should be
   */
  public CaseReader(String text, String example) {
    this.text = text;
    this.example = example;
    this.words = List.of(text.strip().split(" +")).iterator();
  }

  /** Returns what to throw. */
  public IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException(
        "\"" + text + "\" is no case (" + why + "); write it like \"" + example + "\"");
  }

  private String word(String what) {
    if (!words.hasNext()) {
      throw wrong("it ends before the " + what);
    }
    return words.next();
  }

  /** Reads one of an enum's constants, in lower case. */
  public <E extends Enum<E>> E constant(Class<E> type, String what) {
    String word = word(what);
    E[] all = type.getEnumConstants();
    return Arrays.stream(all)
        .filter(constant -> lower(constant).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    "the "
                        + what
                        + " is "
                        + String.join(" or ", Arrays.stream(all).map(CaseReader::lower).toList())));
  }

  /** Returns how a constant is written in a case. */
  public static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Reads the name of a network. */
  public String network() {
    String word = word("network");
    if (!Architecture.NAMES.contains(word)) {
      throw wrong("known networks are " + String.join(", ", Architecture.NAMES));
    }
    return word;
  }

  /** Reads a number from 1 on. */
  public int size() {
    return count(word("size"), "size");
  }

  /** Reads a number of pictures, {@code b16}. */
  public int batch() {
    String word = word("batch");
    if (!word.startsWith("b")) {
      throw wrong("the batch is written like b16");
    }
    return count(word.substring(1), "batch");
  }

  private int count(String digits, String what) {
    try {
      return new CountConverter().convert(digits);
    } catch (TypeConversionException e) {
      throw wrong("the " + what + " " + e.getMessage());
    }
  }

  /** Reads all words to the end. */
  public String rest() {
    StringJoiner rest = new StringJoiner(" ");
    words.forEachRemaining(rest::add);
    return rest.toString();
  }

  /** Reads the end, before which a word may stand; returns whether it does. */
  public boolean endsWith(String optional) {
    if (!words.hasNext()) {
      return false;
    }
    if (!words.next().equals(optional)) {
      throw wrong("nothing or \"" + optional + "\" may stand at its end");
    }
    end();
    return true;
  }

  /** Reads the end. */
  public void end() {
    if (words.hasNext()) {
      throw wrong("\"" + words.next() + "\" is too much");
    }
  }
}
