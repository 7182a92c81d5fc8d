package dev.thumbnet.data.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The lines of pillow_golden.txt, which pillow_golden.py beside it has written. */
public final class PillowGolden {
  private PillowGolden() {}

  public static List<String> lines(String operation) {
    try (InputStream in = PillowGolden.class.getResourceAsStream("pillow_golden.txt")) {
      List<String> lines =
          new String(in.readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .filter(line -> line.startsWith(operation + " "))
              .toList();
      if (lines.isEmpty()) {
        throw new IllegalStateException("no golden values for " + operation);
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
