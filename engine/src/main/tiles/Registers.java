/** How many vector registers a machine must have for a tile. */
enum Registers {
  /** At least 32: AVX-512 and NEON. */
  MANY(32, "MANY"),
  /** 16: AVX2 and SSE. */
  FEW(16, "!MANY"),
  /** No matter: the tile fits into 16. */
  ANY(16, "");

  /** The constant of generated classes that {@link #test} means. */
  static final String CONSTANT =
      """
      /** Whether there are 32 vector registers, not 16. */
      private static final boolean MANY = Tiles.widestPanel(L) == 4;
      """;

  private final int count;
  private final String test;

  Registers(int count, String test) {
    this.count = count;
    this.test = test;
  }

  /** Refuses a tile that would spill some of its sums for certain. */
  void check(Shape shape) {
    if (shape.registers() > count) {
      throw new IllegalArgumentException(
          "a tile of " + shape + " needs " + shape.registers() + " registers, not " + count);
    }
  }

  /** An expression that is true on such machines; empty where there is nothing to ask. */
  String test() {
    return test;
  }
}
