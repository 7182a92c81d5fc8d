package dev.thumbnet.bench.endure.picture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Repeats, moves and nests the parts of which a file consists: the chunks of PNG and WebP, the
 * segments of JPEG, and a few pieces of any other.
 */
final class ChunkMutator {
  private static final int PIECES = 6;
  private static final int MOST_TIMES = 300;
  private static final int MOST_DEPTH = 30;
  private static final int LONGEST_SEGMENT = 65_535;

  /** How a part says its length; others do not. */
  private enum Form {
    PNG(8, 12),
    WEBP(12, 8),
    JPEG(2, 2),
    OTHER(0, 0);

    private final int signature;
    private final int overhead;

    Form(int signature, int overhead) {
      this.signature = signature;
      this.overhead = overhead;
    }

    static Form of(byte[] file) {
      return file.length < 12
          ? OTHER
          : switch (file[0] & 0xFF) {
            case 0x89 -> PNG;
            case 0xFF -> JPEG;
            case 'R' -> WEBP;
            default -> OTHER;
          };
    }

    /** Bytes of the part that begins somewhere; 0 if none does. */
    long length(byte[] file, int at) {
      ByteBuffer data = ByteBuffer.wrap(file);
      return switch (this) {
        case PNG -> overhead + (data.getInt(at) & 0xFFFFFFFFL);
        case WEBP -> overhead + (lengthInWebp(data, at) + 1 & ~1L);
        case JPEG -> isScan(file, at) ? 0 : overhead + (data.getShort(at + 2) & 0xFFFF);
        case OTHER -> 0;
      };
    }

    private static long lengthInWebp(ByteBuffer data, int at) {
      return data.order(ByteOrder.LITTLE_ENDIAN).getInt(at + 4) & 0xFFFFFFFFL;
    }

    /** Behind it stand pixels. */
    private static boolean isScan(byte[] file, int at) {
      return file[at] != (byte) 0xFF || file[at + 1] == (byte) 0xDA;
    }

    /** A part with another at the end of its content. */
    byte[] nest(byte[] outer, byte[] inner) {
      if (outer.length < 8) {
        return Bombs.joined(outer, inner); // the rest of a file, too short for a part
      }
      int tail = this == PNG ? 4 : this == OTHER ? outer.length / 2 : 0;
      byte[] nested = Bombs.joined(outer, inner);
      int content = outer.length - tail;
      System.arraycopy(inner, 0, nested, content, inner.length);
      System.arraycopy(outer, content, nested, content + inner.length, tail);
      int length = nested.length - overhead;
      ByteBuffer data = ByteBuffer.wrap(nested);
      switch (this) {
        case PNG -> data.putInt(0, length);
        case WEBP -> data.order(ByteOrder.LITTLE_ENDIAN).putInt(4, length);
        case JPEG -> data.putShort(2, (short) Math.min(LONGEST_SEGMENT, length));
        case OTHER -> {}
      }
      return nested;
    }
  }

  private final Form form;
  private final byte[] signature;
  private final List<byte[]> parts = new ArrayList<>();
  private final RandomGenerator random;

  ChunkMutator(byte[] file, RandomGenerator random) {
    this.random = random;
    form = Form.of(file);
    signature = Arrays.copyOf(file, form.signature);
    int at = form.signature;
    while (at + 8 <= file.length) {
      long length = form.length(file, at);
      if (length == 0 || length > file.length - at) {
        break;
      }
      parts.add(Arrays.copyOfRange(file, at, at + (int) length));
      at += (int) length;
    }
    // What is left, in some pieces if there is nothing else.
    int piece = parts.isEmpty() ? file.length / PIECES + 1 : file.length;
    for (; at < file.length; at += piece) {
      parts.add(Arrays.copyOfRange(file, at, Math.min(file.length, at + piece)));
    }
  }

  private int any() {
    return random.nextInt(parts.size());
  }

  /** One part stands there many times. */
  byte[] repeated() {
    int at = any();
    byte[] part = parts.get(at);
    parts.set(at, Bombs.many(part, 2 + random.nextInt(MOST_TIMES)));
    return file();
  }

  /** One part stands elsewhere. */
  byte[] moved() {
    byte[] part = parts.remove(any());
    parts.add(random.nextInt(parts.size() + 1), part);
    return file();
  }

  /** One part stands in another, or in itself, perhaps many times over. */
  byte[] nested() {
    int at = any();
    byte[] outer = parts.get(at);
    byte[] inner = parts.get(any());
    for (int depth = random.nextInt(MOST_DEPTH); depth >= 0; depth--) {
      inner = form.nest(outer, inner);
    }
    parts.set(at, inner);
    return file();
  }

  private byte[] file() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(signature);
    parts.forEach(out::writeBytes);
    return out.toByteArray();
  }
}
