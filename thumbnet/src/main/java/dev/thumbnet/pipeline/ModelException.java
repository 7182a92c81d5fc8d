package dev.thumbnet.pipeline;

/**
 * A file that is no model of this program, is damaged or comes from a newer program. The message
 * starts with the name of the file and says what to do. It is one line of bounded length: what it
 * shows of the file has no control characters.
 */
public final class ModelException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 2000;

  ModelException(String message) {
    super(plain(message));
  }

  private static String plain(String message) {
    StringBuilder plain = new StringBuilder(message);
    if (plain.length() > LONGEST) {
      plain.setLength(LONGEST);
      plain.append("...");
    }
    for (int i = 0; i < plain.length(); i++) {
      switch (Character.getType(plain.charAt(i))) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR ->
            plain.setCharAt(i, '?');
        default -> {}
      }
    }
    return plain.toString();
  }
}
