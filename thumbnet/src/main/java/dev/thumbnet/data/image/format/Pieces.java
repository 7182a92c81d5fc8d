package dev.thumbnet.data.image.format;

import java.util.ArrayList;
import java.util.List;

/** A file made of pieces of another. It takes memory only when it is put together. */
public final class Pieces {
  /** More than any picture needs; they would take more memory than what they are pieces of. */
  private static final int MOST = 1 << 16;

  private record Piece(byte[] source, int from, int end) {}

  private final List<Piece> pieces = new ArrayList<>();
  private long length;

  Pieces() {}

  /**
   * Adds a piece, or makes the last one longer if this follows upon it.
   *
   * @throws RefusedException if there are too many
   */
  Pieces add(byte[] source, int from, int end) throws RefusedException {
    Piece last = pieces.isEmpty() ? null : pieces.getLast();
    if (last != null && last.source == source && last.end == from) {
      pieces.set(pieces.size() - 1, new Piece(source, last.from, end));
    } else if (pieces.size() < MOST) {
      pieces.add(new Piece(source, from, end));
    } else {
      throw RefusedException.damaged(
          "what its picture needs lies scattered in more than " + MOST + " pieces");
    }
    length += end - from;
    return this;
  }

  Pieces add(byte... all) throws RefusedException {
    return add(all, 0, all.length);
  }

  Pieces add(Pieces others) throws RefusedException {
    for (Piece piece : others.pieces) {
      add(piece.source, piece.from, piece.end);
    }
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
