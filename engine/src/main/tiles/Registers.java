/**
 * The budget of vector registers of a machine: what C2 keeps in them, by its machine code, not what
 * the processor has.
 *
 * <p>A tile of r x v has r·v sums, v vectors of B and broadcasts of A. C2 makes the next broadcast
 * before the last one is used up, so two of them live at a time, and it spills some sums when that
 * is more than two registers less than there are: with 16 registers 5x2, 3x3, 2x4 and 11x1 (14
 * live) stay, 6x2, 4x3 and 12x1 (15 to 17) spill one to five sums in each step; with 32 everything
 * up to 6x4 (30) stays. {@code CodeShapeTest} holds every tile to it.
 */
enum Registers {
  /** At least 32: AVX-512 and NEON. */
  MANY(32, "MANY"),
  /** 16: AVX2. */
  FEW(16, "!MANY"),
  /** No matter: the tile fits into 16. */
  ANY(16, "");

  /** The constant of generated classes that {@link #test} means. */
  static final String CONSTANT =
      """
      /** Whether there are 32 vector registers, not 16. */
      private static final boolean MANY = Tiles.widestPanel(L) == 4;
      """;

  /** Registers that C2 leaves unused before it spills. */
  private static final int SPARE = 2;

  private final int budget;
  private final String test;

  Registers(int count, String test) {
    this.budget = count - SPARE;
    this.test = test;
  }

  /** Refuses a tile that would spill some of its sums. */
  void check(Shape shape) {
    if (shape.registers() > budget) {
      throw new IllegalArgumentException(
          "a tile of " + shape + " keeps " + shape.registers() + " registers, not " + budget);
    }
  }

  /** An expression that is true on such machines; empty where there is nothing to ask. */
  String test() {
    return test;
  }
}
