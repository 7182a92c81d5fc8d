import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How a tile makes vectors of floats of the array of weights that it multiplies with: one for each
 * {@code WeightFormat} of the engine.
 */
enum WeightDecoding {
  F32(
      """
      Register tiles of {@link %s.TileKernels#multiply}, rows x vectors.

      A step of the sum loads the vectors of one row of the panel, broadcasts one number of each
      row of A and does rows·vectors multiply-adds. 6x4 keeps 24 sums, 4 vectors of B and two
      broadcasts in 32 vector registers; with two units for multiply-adds of 64 bytes it is a tenth
      faster than 5x4. 5x2 keeps 10 + 2 + 2 in 16, where 6x2 would spill five of its sums. The
      smaller tiles are for what remains.

      The form matters more than it seems, because C2 spills the sums otherwise: everything about
      offsets is done before the inner loop, which is flat and has no branch, and nothing follows
      but stores. Each row has an offset of its own, which costs an addition for each broadcast, and
      is what keeps C2 from making all broadcasts of a step at first: rows at constant distances,
      rows packed beside each other and two steps in one all spill, in spite of 1 to 4 instructions
      less.
      """
          .formatted(TileClass.KERNELS),
      List.of(),
      ""),

  BF16(
      """
      The tiles of {@link MultiplyTiles} for the widest panel, with weights of 16 bits: a vector of
      ints holds two of weights, one in the lower halves and one in the upper ones. Shifted up, or
      with the lower half cleared, they are floats. That costs one more instruction for each vector
      of weights, and saves half of the bytes.
      """,
      List.of("low", "high"),
      """

      private static FloatVector low(IntVector pair) {
        return pair.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      }

      private static FloatVector high(IntVector pair) {
        return pair.and(0xffff0000).reinterpretAsFloats();
      }
      """),

  INT8(
      """
      The tiles of {@link MultiplyTiles} for the widest panel, with weights of 8 bits: a vector of
      ints holds four of weights, one in each byte. Shifted to the upper byte they are whole
      numbers that become floats; what stands below them belongs to them, see {@code Int8}, and the
      factor of their channel comes to the sum. That costs seven more instructions for four vectors
      of weights, and saves three quarters of the bytes.
      """,
      List.of("first", "second", "third", "floats"),
      """

      private static FloatVector first(IntVector four) {
        return floats(four.lanewise(VectorOperators.LSHL, 24));
      }

      private static FloatVector second(IntVector four) {
        return floats(four.lanewise(VectorOperators.LSHL, 16));
      }

      private static FloatVector third(IntVector four) {
        return floats(four.lanewise(VectorOperators.LSHL, 8));
      }

      private static FloatVector floats(IntVector upper) {
        return (FloatVector) upper.convert(VectorOperators.I2F, 0);
      }
      """);

  private final String comment;
  private final List<String> decoders;
  private final String methods;

  /**
   * @param comment of the class with its tiles
   * @param decoders the methods that take a vector of weights out of a vector of ints, in the order
   *     in which they are stored; none if weights are stored as floats
   * @param methods their source
   */
  WeightDecoding(String comment, List<String> decoders, String methods) {
    this.comment = comment;
    this.decoders = decoders;
    this.methods = methods;
  }

  String comment() {
    return comment;
  }

  String methods() {
    return methods;
  }

  boolean isPacked() {
    return !decoders.isEmpty();
  }

  String array() {
    return isPacked() ? "int[]" : "float[]";
  }

  /** The imports that only vectors of ints need. */
  List<String> imports() {
    return isPacked()
        ? List.of(TileClass.VECTORS + ".IntVector", TileClass.VECTORS + ".VectorOperators")
        : List.of();
  }

  /** Steps of the sum that are taken together, so that they use whole vectors of the array. */
  int steps(int vectors) {
    int steps = 1;
    while (steps * vectors % perVector() != 0) {
      steps++;
    }
    return steps;
  }

  /**
   * Tells whether a tile is so small that C2 unrolls it, and decodes so much that it then spills.
   */
  boolean spillsIfUnrolled(Shape shape) {
    return this == INT8 && shape.rows() == 1;
  }

  /** Vectors of the array that are read for so many vectors of weights. */
  int loads(int weights) {
    return weights / perVector();
  }

  /** Loads b0, b1 and so on from position p of B. */
  void load(Source out, int weights) {
    if (!isPacked()) {
      for (int j = 0; j < weights; j++) {
        out.line("FloatVector b%d = FloatVector.fromArray(F, b, %s);", j, Source.plus("p", j, "L"));
      }
      return;
    }
    List<String> packed = new ArrayList<>();
    for (int i = 0; i < loads(weights); i++) {
      // Called by the numbers of all vectors inside.
      String name =
          IntStream.range(i * perVector(), (i + 1) * perVector())
              .mapToObj(Integer::toString)
              .collect(Collectors.joining("", "b", ""));
      packed.add(name);
      out.line("IntVector %s = IntVector.fromArray(I, b, %s);", name, Source.plus("p", i, "L"));
    }
    for (int j = 0; j < weights; j++) {
      String decoder = decoders.get(j % perVector());
      out.line("FloatVector b%d = %s(%s);", j, decoder, packed.get(j / perVector()));
    }
  }

  private int perVector() {
    return Math.max(1, decoders.size());
  }
}
