package dev.thumbnet.bench.endure.trial;

import java.util.Optional;

/** How the message of a refusal has to be: a line of plain text that begins with a name. */
public final class Wording {
  private static final int LONGEST = 4000;

  private Wording() {}

  /**
   * Returns what is wrong with a message.
   *
   * @param message may be null, as that of any exception
   */
  public static Optional<String> fault(String name, String message) {
    if (message == null || !message.startsWith(name)) {
      return Optional.of("the message does not begin with the name: " + message);
    }
    boolean plain = message.codePoints().noneMatch(Wording::commands);
    return plain && message.length() <= LONGEST
        ? Optional.empty()
        : Optional.of("the message is no line of plain text: " + message);
  }

  /** Whether a terminal may obey a character instead of showing it. */
  private static boolean commands(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      case Character.FORMAT -> character != 0x200D; // joins emoji
      default -> false;
    };
  }
}
