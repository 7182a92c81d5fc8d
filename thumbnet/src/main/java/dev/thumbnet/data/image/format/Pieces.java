package dev.thumbnet.data.image.format;

import java.util.ArrayList;
import java.util.List;

/** A file made of pieces of another. It takes memory only when it is put together. */
public final class Pieces {
  private record Piece(byte[] source, int from, int end) {}

  private final List<Piece> pieces = new ArrayList<>();
  private long length;

  Pieces() {}

  Pieces add(byte[] source, int from, int end) {
    pieces.add(new Piece(source, from, end));
    length += end - from;
    return this;
  }

  Pieces add(byte... all) {
    return add(all, 0, all.length);
  }

  Pieces add(Pieces others) {
    pieces.addAll(others.pieces);
    length += others.length;
    return this;
  }

  /** Bytes of the file. */
  public long length() {
    return length;
  }

  /** Puts the file together. */
  public byte[] toBytes() {
    byte[] out = new byte[Math.toIntExact(length)];
    int at = 0;
    for (Piece piece : pieces) {
      System.arraycopy(piece.source, piece.from, out, at, piece.end - piece.from);
      at += piece.end - piece.from;
    }
    return out;
  }
}
