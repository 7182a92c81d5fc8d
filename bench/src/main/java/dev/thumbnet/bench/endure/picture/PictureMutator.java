package dev.thumbnet.bench.endure.picture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/** Damages pictures, in one of many ways that a generator chooses. */
final class PictureMutator {
  private static final int HEADER = 64;
  private static final int MOST_FLIPS = 8;
  private static final int LONGEST_SPAN = 64;
  private static final int PNG_CHUNKS = 8;

  /** What sizes, counts and offsets are replaced by. */
  private static final long[] NUMBERS = {
    0,
    1,
    2,
    3,
    7,
    8,
    255,
    256,
    999,
    32_767,
    32_768,
    65_535,
    65_536,
    1_000_000,
    Integer.MAX_VALUE,
    0x8000_0000L,
    0xFFFF_FFFEL,
    0xFFFF_FFFFL
  };

  private PictureMutator() {}

  /** The ways to damage a file. */
  enum Kind {
    BIT,
    BITS,
    BIT_IN_HEADER,
    BYTES,
    NUMBER,
    NUMBER_IN_HEADER,
    ZEROS,
    REMOVED,
    REPEATED,
    TRUNCATED,
    LONGER,
    SPLICED,
    TWICE,
    PART_REPEATED,
    PART_MOVED,
    PART_NESTED
  }

  /**
   * Damages a file.
   *
   * @param other whose end a file may get
   * @return the same for a generator in the same state
   */
  static byte[] mutate(Kind kind, byte[] file, byte[] other, RandomGenerator random) {
    byte[] mutant =
        switch (kind) {
          case BIT -> flipped(file, 1, file.length, random);
          case BITS -> flipped(file, 1 + random.nextInt(MOST_FLIPS), file.length, random);
          case BIT_IN_HEADER -> flipped(file, 1, Math.min(HEADER, file.length), random);
          case BYTES -> overwritten(file, random);
          case NUMBER -> numbered(file, file.length, random);
          case NUMBER_IN_HEADER -> numbered(file, Math.min(HEADER, file.length), random);
          case ZEROS -> zeroed(file, random);
          case REMOVED -> spliced(file, 0, file, random);
          case REPEATED -> repeated(file, random);
          case TRUNCATED -> Arrays.copyOf(file, random.nextInt(file.length));
          case LONGER -> longer(file, random);
          case SPLICED -> spliced(file, random.nextInt(other.length), other, random);
          case TWICE -> flipped(numbered(file, file.length, random), 1, file.length, random);
          case PART_REPEATED -> new ChunkMutator(file, random).repeated();
          case PART_MOVED -> new ChunkMutator(file, random).moved();
          case PART_NESTED -> new ChunkMutator(file, random).nested();
        };
    // Half of them reach what is behind the sums of a PNG.
    return random.nextBoolean() ? withSums(mutant) : mutant;
  }

  private static byte[] flipped(byte[] file, int bits, int end, RandomGenerator random) {
    byte[] mutant = file.clone();
    for (int i = 0; i < bits; i++) {
      mutant[random.nextInt(end)] ^= (byte) (1 << random.nextInt(8));
    }
    return mutant;
  }

  private static byte[] overwritten(byte[] file, RandomGenerator random) {
    byte[] mutant = file.clone();
    int at = random.nextInt(file.length);
    byte[] bytes = new byte[Math.min(1 + random.nextInt(LONGEST_SPAN), file.length - at)];
    random.nextBytes(bytes);
    System.arraycopy(bytes, 0, mutant, at, bytes.length);
    return mutant;
  }

  /** Another number of one, two or four bytes, in either order. */
  private static byte[] numbered(byte[] file, int end, RandomGenerator random) {
    int bytes = 1 << random.nextInt(3);
    long number = NUMBERS[random.nextInt(NUMBERS.length)];
    int at = random.nextInt(Math.max(1, end - bytes));
    ByteOrder order = random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    byte[] mutant = file.clone();
    ByteBuffer buffer = ByteBuffer.wrap(mutant).order(order);
    switch (bytes) {
      case 1 -> buffer.put(at, (byte) number);
      case 2 -> buffer.putShort(at, (short) number);
      default -> buffer.putInt(at, (int) number);
    }
    return mutant;
  }

  private static byte[] zeroed(byte[] file, RandomGenerator random) {
    byte[] mutant = file.clone();
    int at = random.nextInt(file.length);
    int end = Math.min(file.length, at + 1 + random.nextInt(LONGEST_SPAN));
    Arrays.fill(mutant, at, end, (byte) (random.nextBoolean() ? 0 : 0xFF));
    return mutant;
  }

  /** The beginning of one file and the end of another, or of the same. */
  private static byte[] spliced(byte[] file, int from, byte[] other, RandomGenerator random) {
    int head = random.nextInt(file.length);
    int tail = other == file ? head + random.nextInt(file.length - head) : from;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, head);
    out.write(other, tail, other.length - tail);
    return out.toByteArray();
  }

  private static byte[] repeated(byte[] file, RandomGenerator random) {
    int at = random.nextInt(file.length);
    int length = Math.min(1 + random.nextInt(LONGEST_SPAN), file.length - at);
    int times = 1 + random.nextInt(20);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, at);
    for (int i = 0; i < times; i++) {
      out.write(file, at, length);
    }
    out.write(file, at, file.length - at);
    return out.toByteArray();
  }

  private static byte[] longer(byte[] file, RandomGenerator random) {
    byte[] tail = new byte[1 + random.nextInt(1000)];
    random.nextBytes(tail);
    byte[] mutant = Arrays.copyOf(file, file.length + tail.length);
    System.arraycopy(tail, 0, mutant, file.length, tail.length);
    return mutant;
  }

  /** Makes the sums of a PNG's chunks right, as far as it has chunks; other files stay. */
  static byte[] withSums(byte[] file) {
    boolean png = file.length > PNG_CHUNKS && file[1] == 'P' && file[2] == 'N' && file[3] == 'G';
    ByteBuffer data = ByteBuffer.wrap(file);
    int at = PNG_CHUNKS;
    while (png && at + 12 <= file.length) {
      int length = data.getInt(at);
      if (length < 0 || length > file.length - at - 12) {
        break;
      }
      CRC32 crc = new CRC32();
      crc.update(file, at + 4, 4 + length);
      data.putInt(at + 8 + length, (int) crc.getValue());
      at += 12 + length;
    }
    return file;
  }
}
