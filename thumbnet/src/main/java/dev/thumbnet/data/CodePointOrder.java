package dev.thumbnet.data;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The order of Unicode code points: the same on every machine, whatever its locale, and the order
 * in which Python sorts names. {@link String#compareTo} differs from it beyond U+FFFF.
 */
final class CodePointOrder implements Comparator<String> {
  static final CodePointOrder INSTANCE = new CodePointOrder();

  private CodePointOrder() {}

  @Override
  public int compare(String a, String b) {
    return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
  }
}
