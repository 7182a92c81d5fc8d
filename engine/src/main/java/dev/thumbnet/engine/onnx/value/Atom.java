package dev.thumbnet.engine.onnx.value;

/**
 * A piece of an axis that lies in memory as an axis of its own: an axis has one, several after it
 * was merged from others, or none if its extent is 1. Atoms are compared by identity.
 */
public final class Atom {
  private final int extent;
  private final boolean pictures;

  private Atom(int extent, boolean pictures) {
    this.extent = extent;
    this.pictures = pictures;
  }

  /** Returns a new atom. */
  static Atom of(int extent) {
    return new Atom(extent, false);
  }

  /** Returns the atom that counts pictures, which is there even if there is one picture only. */
  static Atom pictures(int extent) {
    return new Atom(extent, true);
  }

  /** Returns the number of elements along it. */
  public int extent() {
    return extent;
  }

  /** Tells whether it counts pictures. */
  boolean isPictures() {
    return pictures;
  }

  @Override
  public String toString() {
    return (pictures ? "n" : "") + extent;
  }
}
