package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.harness.Machine;
import java.util.List;

/** The kinds of x86 processors whose results stand beside each other. */
enum Isa {
  /** Vectors of 512 bits. */
  AVX_512("AVX-512", "-avx512", 16, 32),
  /** Vectors of 256 bits. */
  AVX2("AVX2", "-avx2", 8, 16),
  /**
   * A JVM that compiles for AVX2 on a processor with more: a stand-in where no other is at hand.
   */
  AVX2_BY_OPTION("AVX2 by " + Isa.OPTION, "-useavx2", 8, 16);

  /** Native frameworks do not heed it, so only the engine is measured with it. */
  static final String OPTION = "-XX:UseAVX=2";

  private final String title;
  private final String suffix;
  private final int lanes;
  private final int registers;

  Isa(String title, String suffix, int lanes, int registers) {
    this.title = title;
    this.suffix = suffix;
    this.lanes = lanes;
    this.registers = registers;
  }

  /** Returns what this JVM runs on. */
  static Isa here() {
    return of(List.of(), Machine.engine(1));
  }

  /**
   * Returns what a JVM ran on.
   *
   * @param flags its options
   * @param engine the engine's description of its kernels there
   * @throws IllegalArgumentException if its kernels are for none of these
   */
  static Isa of(List<String> flags, String engine) {
    if (flags.contains(OPTION)) {
      return AVX2_BY_OPTION;
    }
    for (Isa isa : List.of(AVX_512, AVX2)) {
      if (engine.contains(" " + isa.lanes + " lanes")) {
        return isa;
      }
    }
    throw new IllegalArgumentException("neither AVX-512 nor AVX2: " + engine);
  }

  /** Returns the name in titles. */
  String title() {
    return title;
  }

  /** Returns what follows the names of files with results. */
  String suffix() {
    return suffix;
  }

  /** Returns how many vector registers a kernel may use. */
  int registers() {
    return registers;
  }

  /** Returns the name, floats per vector and registers. */
  @Override
  public String toString() {
    return "%s: %d lanes, %d vector registers".formatted(title, lanes, registers);
  }
}
