package dev.thumbnet.engine.io;

import dev.thumbnet.engine.io.Header.TensorInfo;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parses the JSON of a safetensors header and nothing else: an object of tensor descriptions and
 * one optional object of strings. What the format does not provide for is refused where it stands,
 * so no input can make the parser recurse, and its memory is bounded by the length of the text. One
 * thing is laxer than the format's text, as its reference implementation is: the object of strings
 * may be {@code null}.
 */
final class HeaderParser {
  private final String file;
  private final String text;
  private int at;

  HeaderParser(String file, String text) {
    this.file = file;
    this.text = text;
  }

  /** Parses the whole text into the two maps. */
  void parse(Map<String, String> metadata, Map<String, TensorInfo> tensors) {
    boolean metadataSeen = false;
    boolean more = open('{', '}');
    while (more) {
      String name = key();
      if (name.equals(Header.METADATA_KEY)) {
        if (metadataSeen) {
          throw failure("key " + Header.METADATA_KEY + " occurs twice");
        }
        metadataSeen = true;
        parseMetadata(metadata);
      } else if (tensors.containsKey(name)) {
        throw failure("tensor " + Header.quote(name) + " occurs twice");
      } else {
        tensors.put(name, parseTensor(name));
      }
      more = next('}');
    }
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    if (at < text.length()) {
      throw failure("only spaces may follow the header's closing brace, not " + found());
    }
  }

  private void parseMetadata(Map<String, String> metadata) {
    skipWhitespace();
    if (text.startsWith("null", at)) {
      at += 4;
      return;
    }
    boolean more = open('{', '}');
    while (more) {
      String name = key();
      String value = string();
      if (metadata.put(name, value) != null) {
        throw failure(Header.METADATA_KEY + " has the key " + Header.quote(name) + " twice");
      }
      more = next('}');
    }
  }

  private TensorInfo parseTensor(String name) {
    String type = null;
    long[] shape = null;
    long[] offsets = null;
    boolean more = open('{', '}');
    while (more) {
      String field = key();
      switch (field) {
        case "dtype" -> type = once(name, field, type, string());
        case "shape" -> shape = once(name, field, shape, integers());
        case "data_offsets" -> offsets = once(name, field, offsets, integers());
        default ->
            throw failure(
                "tensor " + Header.quote(name) + " has the unknown field " + Header.quote(field));
      }
      more = next('}');
    }
    if (type == null || shape == null || offsets == null) {
      throw failure("tensor " + Header.quote(name) + " lacks one of dtype, shape and data_offsets");
    }
    if (offsets.length != 2) {
      throw failure(
          "tensor " + Header.quote(name) + " has " + offsets.length + " data_offsets, not 2");
    }
    DType dtype = DType.of(type);
    return new TensorInfo(
        dtype == null ? type : dtype.name(), dtype, shape, offsets[0], offsets[1]);
  }

  private <T> T once(String name, String field, @Nullable T before, T now) {
    if (before != null) {
      throw failure("tensor " + Header.quote(name) + " has " + Header.quote(field) + " twice");
    }
    return now;
  }

  /** An array of non-negative integers. */
  private long[] integers() {
    long[] values = new long[4];
    int count = 0;
    boolean more = open('[', ']');
    while (more) {
      if (count == Header.MAX_RANK) {
        throw failure("an array has more than " + Header.MAX_RANK + " numbers");
      }
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = integer();
      more = next(']');
    }
    return Arrays.copyOf(values, count);
  }

  private long integer() {
    skipWhitespace();
    int start = at;
    long value = 0;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      int digit = text.charAt(at) - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        throw failure("an integer exceeds " + Long.MAX_VALUE);
      }
      value = 10 * value + digit;
      at++;
    }
    if (at == start) {
      throw failure("a non-negative integer is expected, not " + found());
    }
    if (at - start > 1 && text.charAt(start) == '0') {
      throw failure("an integer starts with 0");
    }
    return value;
  }

  /** A key and the colon after it. */
  private String key() {
    String key = string();
    expect(':');
    return key;
  }

  private String string() {
    expect('"');
    int start = at;
    while (at < text.length() && isPlain(text.charAt(at))) {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '"') {
      return text.substring(start, at++);
    }
    StringBuilder decoded = new StringBuilder(text.substring(start, at));
    while (true) {
      char c = take();
      if (c == '"') {
        break;
      }
      if (c < ' ') {
        throw failure("a string holds a control character that is not escaped");
      }
      decoded.append(c == '\\' ? escape() : c);
    }
    checkSurrogates(decoded);
    return decoded.toString();
  }

  /** Whether a character stands for itself, and neither ends a string nor may be half of one. */
  private static boolean isPlain(char c) {
    return c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate(c);
  }

  private char escape() {
    char c = take();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          int digit = hexDigit(take());
          code = 16 * code + digit;
        }
        yield (char) code;
      }
      default -> throw failure("a string holds an escape that JSON does not have");
    };
  }

  private int hexDigit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
      return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
      return c - 'A' + 10;
    }
    throw failure("a \\u escape needs four hexadecimal digits");
  }

  /** Refuses half a surrogate pair, which no UTF-8 text can express. */
  private void checkSurrogates(StringBuilder decoded) {
    if (hasLoneSurrogate(decoded)) {
      throw failure("a string holds half a surrogate pair");
    }
  }

  /** Whether a text has a surrogate without its other half, so that UTF-8 cannot express it. */
  static boolean hasLoneSurrogate(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
        if (!pair) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  /** Enters an object or array; returns whether it has a first element. */
  private boolean open(char opening, char closing) {
    expect(opening);
    skipWhitespace();
    if (at < text.length() && text.charAt(at) == closing) {
      at++;
      return false;
    }
    return true;
  }

  /** Passes what stands after an element; returns whether another element follows. */
  private boolean next(char closing) {
    skipWhitespace();
    char c = take();
    if (c != ',' && c != closing) {
      at--;
      throw failure("',' or '" + closing + "' is expected, not " + found());
    }
    return c == ',';
  }

  private void expect(char wanted) {
    skipWhitespace();
    if (at == text.length() || text.charAt(at) != wanted) {
      throw failure("'" + wanted + "' is expected, not " + found());
    }
    at++;
  }

  private char take() {
    if (at == text.length()) {
      throw failure("the header ends early");
    }
    return text.charAt(at++);
  }

  private void skipWhitespace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private String found() {
    return at == text.length() ? "the end" : Header.quote(text.substring(at, at + 1));
  }

  private SafeTensorsException failure(String problem) {
    return Header.damaged(file, null, "header, character " + at + ": " + problem);
  }
}
