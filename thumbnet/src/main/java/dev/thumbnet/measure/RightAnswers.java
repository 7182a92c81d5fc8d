package dev.thumbnet.measure;

import java.util.Base64;
import java.util.BitSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Which pictures of a set a network was right about, by their index. Immutable. */
public final class RightAnswers {
  private static final int SHOWN = 60;

  private final int pictures;
  private final BitSet right;

  private RightAnswers(int pictures, BitSet right) {
    if (pictures < 1) {
      throw new IllegalArgumentException("there are no answers to " + pictures + " pictures");
    }
    this.pictures = pictures;
    this.right = right;
  }

  /**
   * Notes which answers are right.
   *
   * @param pictures how many there are, at least 1
   * @param isRight tells it of a picture, by its index
   */
  public static RightAnswers of(int pictures, IntPredicate isRight) {
    BitSet right = new BitSet();
    for (int i = 0; i < pictures; i++) {
      right.set(i, isRight.test(i));
    }
    return new RightAnswers(pictures, right);
  }

  /**
   * Reads what {@link #text} gave.
   *
   * @throws IllegalArgumentException if the text is not of so many pictures
   */
  public static RightAnswers ofText(int pictures, String text) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw noAnswers(pictures, text, e);
    }
    BitSet right = BitSet.valueOf(bytes);
    if (bytes.length != bytes(pictures) || right.length() > pictures) {
      throw noAnswers(pictures, text, null);
    }
    return new RightAnswers(pictures, right);
  }

  private static IllegalArgumentException noAnswers(
      int pictures, String text, @Nullable Throwable cause) {
    String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    return new IllegalArgumentException(
        "these are no answers to " + pictures + " pictures: \"" + shown + '"', cause);
  }

  private static int bytes(int pictures) {
    return (pictures + 7) / 8;
  }

  /**
   * Returns all of it as text: base64 of bytes, of which byte k has, from its lowest bit on, the
   * answers to the pictures 8k to 8k + 7; 1 is right.
   */
  public String text() {
    byte[] all = new byte[bytes(pictures)];
    byte[] some = right.toByteArray();
    System.arraycopy(some, 0, all, 0, some.length);
    return Base64.getEncoder().encodeToString(all);
  }

  /** Returns how many pictures there are. */
  public int pictures() {
    return pictures;
  }

  /** Tells whether the network was right about a picture. */
  public boolean isRight(int picture) {
    return right.get(picture);
  }

  /** Returns Acc@1, the share of right answers, in percent. */
  public double accuracy() {
    return 100.0 * right.cardinality() / pictures;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RightAnswers a && pictures == a.pictures && right.equals(a.right);
  }

  @Override
  public int hashCode() {
    return 31 * right.hashCode() + pictures;
  }

  @Override
  public String toString() {
    return right.cardinality() + " of " + pictures + " right";
  }
}
