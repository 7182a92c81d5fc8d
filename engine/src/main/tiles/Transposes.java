import java.util.List;

/** Blocks that are transposed in registers. */
record Transposes(String name, List<Block> blocks) implements TileClass {

  /** How two vectors give two. */
  enum Network {
    /** Vectors i and i + n/2, like two halves of a pack of cards, give 2i and 2i + 1. */
    INTERLEAVE("low", "high"),
    /** The other direction: vectors 2i and 2i + 1 give i and i + n/2. */
    SEPARATE("even", "odd");

    private final String first;
    private final String second;

    Network(String first, String second) {
      this.first = first;
      this.second = second;
    }

    /** The expression of vector {@code i} of {@code count} after a round, made of those before. */
    String vector(int i, int count, String before) {
      int half = count / 2;
      boolean isFirst = this == INTERLEAVE ? i % 2 == 0 : i < half;
      int x = this == INTERLEAVE ? i / 2 : 2 * (i % half);
      int y = this == INTERLEAVE ? i / 2 + half : x + 1;
      return "%s(%s%d, %s%d)".formatted(isFirst ? first : second, before, x, before, y);
    }
  }

  /**
   * A block.
   *
   * @param method the name of its method
   * @param comment what it does
   * @param vectors how many vectors it has
   * @param rounds how often they are exchanged
   * @param rowStep every so-manieth row of A begins a vector
   * @param storesAtOnce whether the results of the last round are stored one by one, not together
   */
  record Block(
      String method,
      String comment,
      Network network,
      int vectors,
      int rounds,
      int rowStep,
      boolean storesAtOnce) {}

  Transposes(String name, Block... blocks) {
    this(name, List.of(blocks));
  }

  @Override
  public String comment() {
    return """
    Blocks of {@link VectorTranspose}. Of n vectors, i and i + n/2 are interleaved, like two halves
    of a pack of cards, and give vectors 2i and 2i + 1. That rotates the bits of the number (vector,
    lane) by one; done as often as a row or a column has bits, it exchanges row and column.
    """;
  }

  @Override
  public List<String> imports() {
    return List.of(
        VECTORS + ".FloatVector",
        VECTORS + ".VectorMask",
        VECTORS + ".VectorShuffle",
        VECTORS + ".VectorSpecies");
  }

  @Override
  public void fields(Source out) {
    out.lines(FLOATS);
    out.lines(
        """

        /** Each lane of the lower half twice, and of the upper half. */
        private static final VectorShuffle<Float> LOW = VectorShuffle.fromOp(F, i -> i / 2);

        private static final VectorShuffle<Float> HIGH = VectorShuffle.fromOp(F, i -> (L + i) / 2);

        private static final VectorMask<Float> ODD = VectorMask.fromLong(F, 0xaaaa);

        /** The even lanes, twice, and the odd ones. */
        private static final VectorShuffle<Float> EVENS = VectorShuffle.fromOp(F, i -> 2 * i % L);

        private static final VectorShuffle<Float> ODDS = VectorShuffle.fromOp(F, i -> 2 * i % L + 1);

        private static final VectorMask<Float> UPPER = VectorMask.fromLong(F, -1L << L / 2);
        """);
  }

  @Override
  public void methods(Source out) {
    out.lines(
        """

        private static FloatVector low(FloatVector x, FloatVector y) {
          return x.rearrange(LOW).blend(y.rearrange(LOW), ODD);
        }

        private static FloatVector high(FloatVector x, FloatVector y) {
          return x.rearrange(HIGH).blend(y.rearrange(HIGH), ODD);
        }

        private static FloatVector even(FloatVector x, FloatVector y) {
          return x.rearrange(EVENS).blend(y.rearrange(EVENS), UPPER);
        }

        private static FloatVector odd(FloatVector x, FloatVector y) {
          return x.rearrange(ODDS).blend(y.rearrange(ODDS), UPPER);
        }
        """);
    blocks.forEach(block -> block(out, block));
  }

  private static void block(Source out, Block block) {
    out.blank().javadoc(block.comment);
    out.method(
        "public static void " + block.method,
        List.of("float[] a", "int aBase", "int aStep", "float[] b", "int bBase", "int bStep"));
    for (int i = 0; i < block.vectors; i++) {
      String from = Source.plus("aBase", i * block.rowStep, "aStep");
      out.line("FloatVector r%d = FloatVector.fromArray(F, a, %s);", i, from);
    }
    char before = 'r';
    for (int round = block.storesAtOnce ? 1 : 0; round < block.rounds; round++, before++) {
      for (int i = 0; i < block.vectors; i++) {
        String vector = block.network.vector(i, block.vectors, "" + before);
        out.line("FloatVector %c%d = %s;", (char) (before + 1), i, vector);
      }
    }
    for (int i = 0; i < block.vectors; i++) {
      String vector =
          block.storesAtOnce
              ? block.network.vector(i, block.vectors, "" + before)
              : "" + before + i;
      out.line("%s.intoArray(b, %s);", vector, Source.plus("bBase", i, "bStep"));
    }
    out.close();
  }
}
