package dev.thumbnet.bench.endure;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Damages the file of a model, in one of many ways that a generator chooses. */
final class ModelMutator {
  private static final int LENGTH_BYTES = 8;
  private static final int MOST_FLIPS = 8;

  /** What a value of the metadata, a shape or an offset is replaced by. */
  private static final List<String> VALUES =
      List.of(
          "0",
          "-1",
          "1",
          "2",
          "3",
          "17",
          "64",
          "224",
          "65536",
          "2147483647",
          "-2147483648",
          "4294967297",
          "9223372036854775807",
          "1e9",
          "1e308",
          "1e-38",
          "0.5",
          "-0.0",
          "NaN",
          "Infinity",
          "-Infinity",
          "true",
          "false",
          "null",
          "none",
          "",
          " ",
          "\u00e9",
          "resnet18",
          "resnet152",
          "resnext101_64x4d",
          "vgg11",
          "vgg19_bn",
          "BICUBIC",
          "RESIDUAL_LARGE",
          "0 0 0",
          "1 1 1",
          "NaN 0 0",
          "1e30 0 0",
          "1e-30 1 1",
          "0.5 0.5",
          "x".repeat(5000));

  /** What takes the place of a whole value of the JSON. */
  private static final List<String> NESTED =
      List.of("{}", "[]", "null", "0", "-1", "true", "[[[]]]", "{\"a\":{}}", "[".repeat(50_000));

  private static final Pattern TEXTS = Pattern.compile("\"([^\"]*)\":\"([^\"]*)\"");
  private static final Pattern NUMBERS = Pattern.compile("[0-9]+(?=[,\\]])");
  private static final Pattern MEMBERS = Pattern.compile("\"[^\"]*\":(\"[^\"]*\"|\\[[^]]*]),?");

  private final byte[] model;
  private final String header;
  private final int dataStart;

  /** The ways to damage a file. */
  enum Kind {
    BIT_ANYWHERE,
    BITS_ANYWHERE,
    BIT_IN_HEADER,
    BYTES,
    METADATA_VALUE,
    METADATA_SWAP,
    NUMBER,
    NESTED_VALUE,
    REMOVED_KEY,
    REPEATED_KEY,
    WEIGHT,
    TRUNCATED,
    LONGER,
    HEADER_LENGTH
  }

  /**
   * A damaged file.
   *
   * @param kind in which way
   * @param content all of it
   */
  record Mutant(Kind kind, byte[] content) {}

  /** Damages a file that is sound. */
  ModelMutator(byte[] model) {
    this.model = model;
    long length = ByteBuffer.wrap(model).order(ByteOrder.LITTLE_ENDIAN).getLong();
    this.dataStart = LENGTH_BYTES + Math.toIntExact(length);
    this.header = new String(model, LENGTH_BYTES, dataStart - LENGTH_BYTES, StandardCharsets.UTF_8);
  }

  /** Returns the next mutant; the same ones for the same generator. */
  Mutant next(RandomGenerator random) {
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    return new Mutant(kind, mutate(kind, random));
  }

  private byte[] mutate(Kind kind, RandomGenerator random) {
    return switch (kind) {
      case BIT_ANYWHERE -> flipped(1, model.length, random);
      case BITS_ANYWHERE -> flipped(1 + random.nextInt(MOST_FLIPS), model.length, random);
      case BIT_IN_HEADER -> flipped(1, dataStart, random);
      case BYTES -> overwritten(random);
      case METADATA_VALUE -> replaced(TEXTS, 2, one(VALUES, random), random);
      case METADATA_SWAP -> replaced(TEXTS, 2, any(TEXTS, random).group(2), random);
      case NUMBER -> replaced(NUMBERS, 0, one(VALUES, random), random);
      case NESTED_VALUE -> replaced(MEMBERS, 1, one(NESTED, random), random);
      case REMOVED_KEY -> replaced(MEMBERS, 0, "", random);
      case REPEATED_KEY -> repeated(random);
      case WEIGHT -> reweighted(random);
      case TRUNCATED -> Arrays.copyOf(model, random.nextInt(model.length));
      case LONGER -> Arrays.copyOf(model, model.length + 1 + random.nextInt(100));
      case HEADER_LENGTH -> withLength(random);
    };
  }

  private static String one(List<String> values, RandomGenerator random) {
    return values.get(random.nextInt(values.size()));
  }

  private byte[] flipped(int bits, int end, RandomGenerator random) {
    byte[] mutant = model.clone();
    for (int i = 0; i < bits; i++) {
      mutant[random.nextInt(end)] ^= (byte) (1 << random.nextInt(8));
    }
    return mutant;
  }

  private byte[] overwritten(RandomGenerator random) {
    byte[] mutant = model.clone();
    byte[] bytes = new byte[1 + random.nextInt(64)];
    random.nextBytes(bytes);
    int at = random.nextInt(mutant.length - bytes.length);
    System.arraycopy(bytes, 0, mutant, at, bytes.length);
    return mutant;
  }

  private MatchResult any(Pattern pattern, RandomGenerator random) {
    List<MatchResult> found = new ArrayList<>(pattern.matcher(header).results().toList());
    return found.get(random.nextInt(found.size()));
  }

  private byte[] replaced(Pattern pattern, int group, String by, RandomGenerator random) {
    MatchResult at = any(pattern, random);
    return withHeader(header.substring(0, at.start(group)) + by + header.substring(at.end(group)));
  }

  private byte[] repeated(RandomGenerator random) {
    MatchResult at = any(MEMBERS, random);
    String member = at.group().replaceFirst(",$", "");
    return withHeader(
        header.substring(0, at.start()) + member + "," + header.substring(at.start()));
  }

  /** A number that is none, or too large for a network, where four bytes of a weight may be. */
  private byte[] reweighted(RandomGenerator random) {
    float[] values = {
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MAX_VALUE,
      -1e30f,
      1e15f,
      -1e10f,
      1e-40f,
      -0f
    };
    byte[] mutant = model.clone();
    int at = dataStart + 4 * random.nextInt((model.length - dataStart) / 4);
    ByteBuffer.wrap(mutant)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(at, values[random.nextInt(values.length)]);
    return mutant;
  }

  private byte[] withLength(RandomGenerator random) {
    long[] lengths = {
      0,
      1,
      -1,
      dataStart - LENGTH_BYTES - 1,
      dataStart - LENGTH_BYTES + 1,
      model.length,
      100_000_000,
      Integer.MAX_VALUE,
      Long.MAX_VALUE,
      Long.MIN_VALUE
    };
    byte[] mutant = model.clone();
    ByteBuffer.wrap(mutant)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(0, lengths[random.nextInt(lengths.length)]);
    return mutant;
  }

  /** The file with another header, whose length is right. */
  private byte[] withHeader(String changed) {
    byte[] text = changed.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream mutant = new ByteArrayOutputStream(model.length + text.length);
    byte[] length =
        ByteBuffer.allocate(LENGTH_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .array();
    mutant.writeBytes(length);
    mutant.writeBytes(text);
    mutant.write(model, dataStart, model.length - dataStart);
    return mutant.toByteArray();
  }
}
