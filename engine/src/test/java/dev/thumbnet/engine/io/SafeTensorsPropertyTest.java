package dev.thumbnet.engine.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Any content comes back from a SafeTensors file, and any damage is read or refused, never worse.
 */
class SafeTensorsPropertyTest {
  /** A tensor to write: its values are bits, read as what its type says. */
  record Sample(DType dtype, long[] shape, long[] bits) {}

  @Provide
  Arbitrary<Map<String, Sample>> contents() {
    Arbitrary<String> names =
        Arbitraries.strings().ofMaxLength(6).filter(name -> !HeaderParser.hasLoneSurrogate(name));
    return Arbitraries.maps(names, samples()).ofMaxSize(6);
  }

  private static Arbitrary<Sample> samples() {
    Arbitrary<List<Long>> shapes = Arbitraries.longs().between(0, 4).list().ofMaxSize(4);
    return Combinators.combine(
            Arbitraries.of(DType.values()),
            shapes,
            Arbitraries.longs().array(long[].class).ofSize(256))
        .as(
            (dtype, shape, bits) -> {
              int count = (int) shape.stream().mapToLong(d -> d).reduce(1, (a, b) -> a * b);
              long[] dimensions = shape.stream().mapToLong(d -> d).toArray();
              return new Sample(dtype, dimensions, fit(dtype, Arrays.copyOf(bits, count)));
            });
  }

  /** Turns arbitrary bits into values that an integer type can hold. */
  private static long[] fit(DType dtype, long[] bits) {
    return dtype.isFloat() || dtype == DType.I64
        ? bits
        : Arrays.stream(bits)
            .map(b -> dtype.minimum() + Math.floorMod(b, dtype.maximum() - dtype.minimum() + 1))
            .toArray();
  }

  private static float[] floats(Sample sample) {
    float[] values = new float[sample.bits.length];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (sample.dtype) {
            case F16 -> Float.float16ToFloat((short) sample.bits[i]);
            case BF16 -> DType.bfloat16ToFloat((short) sample.bits[i]);
            default -> Float.intBitsToFloat((int) sample.bits[i]);
          };
    }
    return values;
  }

  private static double[] doubles(Sample sample) {
    return Arrays.stream(sample.bits).mapToDouble(Double::longBitsToDouble).toArray();
  }

  @Property(tries = 500)
  void readsBackWhatItWrote(@ForAll("contents") Map<String, Sample> contents) {
    SafeTensorsWriter writer = new SafeTensorsWriter();
    contents.forEach(
        (name, sample) -> {
          switch (sample.dtype) {
            case F16, BF16, F32 -> writer.put(name, sample.dtype, sample.shape, floats(sample));
            case F64 -> writer.put(name, sample.shape, doubles(sample));
            default -> writer.put(name, sample.dtype, sample.shape, sample.bits);
          }
        });
    byte[] content = SafeTensorsTest.bytes(writer);
    SafeTensors file = SafeTensors.of("round trip", content);
    assertThat(file.tensors().keySet()).containsExactlyInAnyOrderElementsOf(contents.keySet());
    contents.forEach(
        (name, sample) -> {
          SafeTensors.Entry entry = file.tensor(name);
          assertThat(entry.dtype()).isEqualTo(sample.dtype);
          assertThat(entry.shape()).isEqualTo(sample.shape);
          switch (sample.dtype) {
            case F16, BF16, F32 -> assertThat(entry.floats()).isEqualTo(floats(sample));
            case F64 -> assertThat(entry.doubles()).isEqualTo(doubles(sample));
            default -> assertThat(entry.longs()).isEqualTo(sample.bits);
          }
        });
  }

  @Property(tries = 100)
  void theSameContentGivesTheSameBytesInAnyOrder(@ForAll("contents") Map<String, Sample> contents) {
    List<String> names = List.copyOf(contents.keySet());
    SafeTensorsWriter forward = new SafeTensorsWriter();
    names.forEach(name -> putZeros(forward, name, contents.get(name)));
    SafeTensorsWriter backward = new SafeTensorsWriter();
    names.reversed().forEach(name -> putZeros(backward, name, contents.get(name)));
    assertThat(SafeTensorsTest.bytes(forward)).isEqualTo(SafeTensorsTest.bytes(backward));
  }

  private static void putZeros(SafeTensorsWriter writer, String name, Sample sample) {
    if (sample.dtype.isFloat()) {
      writer.put(name, sample.dtype, sample.shape, new float[sample.bits.length]);
    } else {
      writer.put(name, sample.dtype, sample.shape, new long[sample.bits.length]);
    }
  }

  /** A valid file that uses all parts of the format. */
  private static byte[] validFile() {
    return SafeTensorsTest.bytes(
        new SafeTensorsWriter()
            .metadata("format", "pt")
            .put("conv1.weight", new long[] {2, 1, 2, 2}, new float[8])
            .put("bn1.num_batches_tracked", DType.I64, new long[] {}, new long[] {5})
            .put("mask", DType.BOOL, new long[] {3}, new long[] {1, 0, 1})
            .put("none", DType.F16, new long[] {0, 3}, new float[0]));
  }

  /** Reads everything; returns the refusal, if any. Any other exception fails the test. */
  private static SafeTensorsException readAll(byte[] content) {
    try {
      SafeTensors file = SafeTensors.of("fuzzed", content);
      for (SafeTensors.Entry entry : file.tensors().values()) {
        // Values are bounded by the file, whatever its shapes claim.
        assertThat(entry.bytes().length).isLessThanOrEqualTo(content.length);
        Object values = entry.dtype().isFloat() ? entry.floats() : entry.longs();
        assertThat(values).isNotNull();
      }
      return null;
    } catch (SafeTensorsException e) {
      assertThat(e).hasMessageStartingWith("fuzzed: ");
      assertThat(e.getMessage().length()).isLessThan(2000);
      return e;
    }
  }

  @Property(tries = 5000)
  void aDamagedFileIsReadOrRefused(
      @ForAll("positions") List<Integer> positions, @ForAll byte value, @ForAll boolean flip) {
    byte[] content = validFile();
    for (int position : positions) {
      int index = position % content.length;
      content[index] = flip ? (byte) (content[index] ^ 1 << (value & 7)) : value;
    }
    readAll(content);
  }

  @Provide
  Arbitrary<List<Integer>> positions() {
    return Arbitraries.integers().between(0, 10_000).list().ofMinSize(1).ofMaxSize(4);
  }

  @Property(tries = 300)
  void aHeaderOfRandomTokensIsReadOrRefused(@ForAll("tokens") List<String> tokens) {
    readAll(SafeTensorsTest.file(String.join("", tokens), 4));
  }

  @Provide
  Arbitrary<List<String>> tokens() {
    String tensor = "\"t\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}";
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "0",
            "4",
            "-",
            "\"a\"",
            "\"dtype\"",
            "null",
            "\"F32\"",
            "\"shape\"",
            "\"data_offsets\"",
            "\"__metadata__\"",
            " ",
            tensor)
        .list()
        .ofMaxSize(30)
        .map(
            list -> {
              List<String> all = new ArrayList<>(list);
              all.addFirst("{");
              return all;
            });
  }

  @Example
  void eachTruncationIsRefused() {
    byte[] content = validFile();
    assertThat(readAll(content)).isNull();
    for (int length = 0; length < content.length; length++) {
      assertThat(readAll(Arrays.copyOf(content, length))).as("first %d bytes", length).isNotNull();
    }
  }
}
