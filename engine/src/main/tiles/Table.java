import java.util.List;

/**
 * All that is generated. A tile is a number in a line of its {@link Panel}: the panel's width in
 * vectors, the machines by their registers, and the rows of the tiles. Tiles for a further format
 * of weights are a line, and how they decode it is a constant of {@link WeightDecoding}.
 */
final class Table {
  static final List<TileClass> CLASSES =
      List.of(
          new Multiply(
              "MultiplyTiles",
              WeightDecoding.F32,
              Panel.of(4, Registers.MANY, 6, 5, 4, 1),
              Panel.of(2, Registers.MANY, 6, 5, 4, 1),
              Panel.of(2, Registers.ANY, 5, 4, 1),
              Panel.of(1, Registers.ANY, 8, 4, 1)),
          new Multiply(
              "Bf16Tiles",
              WeightDecoding.BF16,
              Panel.of(4, Registers.MANY, 5, 4, 1),
              Panel.of(2, Registers.FEW, 5, 4, 1)),
          new Multiply(
              "Int8Tiles",
              WeightDecoding.INT8,
              Panel.of(4, Registers.MANY, 5, 4, 1),
              Panel.of(2, Registers.FEW, 4, 1)),
          new WeightGradients(
              "WeightGradientTiles",
              Panel.of(4, Registers.MANY, 6, 5, 4, 3, 1),
              Panel.of(2, Registers.MANY, 8).when("left % 8 == 0"),
              Panel.of(2, Registers.MANY, 6, 5, 4, 3, 1),
              Panel.of(2, Registers.ANY, 5, 4, 3, 1),
              Panel.of(1, Registers.MANY, 16).when("left >= 16"),
              Panel.of(1, Registers.ANY, 8, 4, 3, 1)),
          new Planes(
              "PlaneTiles",
              Panel.of(4, Registers.MANY, 4, 3, 1),
              Panel.of(3, Registers.FEW, 3, 2, 1)),
          new Dots("DotTiles", new Shape(4, 3), new Shape(3, 3)),
          new Transposes(
              "TransposeTiles",
              new Transposes.Block(
                  "interleaveEight",
                  "Interleaves eight vectors three times: 8 x 8 with 8 lanes, 8 x 16 with 16.",
                  Transposes.Network.INTERLEAVE,
                  8,
                  3,
                  1,
                  false),
              new Transposes.Block(
                  "interleaveFour",
                  "Interleaves vectors i, i + n/4, i + n/2 and i + 3n/4 twice, which gives 4i to 4i"
                      + " + 3.",
                  Transposes.Network.INTERLEAVE,
                  4,
                  2,
                  1,
                  true),
              new Transposes.Block(
                  "transpose16x8",
                  """
                  16 x 8 with 16 lanes: rows of A follow each other, so that each vector holds two.
                  Seven bits are rotated by three in the other direction instead of four in this one.
                  """,
                  Transposes.Network.SEPARATE,
                  8,
                  3,
                  2,
                  false)),
          new Channels(
              "ChannelTiles",
              4,
              Channels.Loop.of("sum", "float[] x, int xo, float[] sum")
                  .summing("s = sum")
                  .over("p = xo")
                  .each("s# = s#.add(load(x, p@));"),
              Channels.Loop.of("sumOfProducts", "float[] a, int ao, float[] b, int bo, float[] sum")
                  .summing("s = sum")
                  .over("p = ao", "q = bo")
                  .each("s# = load(a, p@).fma(load(b, q@), s#);"),
              Channels.Loop.of(
                      "centredSums",
                      "int stride, int from, float[] x, int xo, float[] centre, float[] sum,"
                          + " float[] squares")
                  .within("from", "stride")
                  .loading("m = centre")
                  .summing("s = sum", "t = squares")
                  .over("p = xo + from")
                  .each(
                      "FloatVector d# = load(x, p@).sub(m#);",
                      "s# = s#.add(d#);",
                      "t# = d#.fma(d#, t#);"),
              Channels.Loop.of(
                      "gradientSums",
                      "float[] x, int xo, float[] dy, int dyo, float[] mean, float[] sum,"
                          + " float[] products")
                  .loading("m = mean")
                  .summing("s = sum", "t = products")
                  .over("p = xo", "d = dyo")
                  .each(
                      "FloatVector g# = load(dy, d@);",
                      "s# = s#.add(g#);",
                      "t# = g#.fma(load(x, p@).sub(m#), t#);"),
              Channels.Loop.of(
                      "gradientSumsRelu",
                      "float[] x, int xo, float[] y, int yo, float[] dy, int dyo, float[] mean,"
                          + " float[] sum, float[] products")
                  .withZero()
                  .loading("m = mean")
                  .summing("s = sum", "t = products")
                  .over("p = xo", "q = yo", "d = dyo")
                  .each(
                      "FloatVector g# = zero.blend(load(dy, d@), load(y, q@).compare(GT, zero));",
                      "s# = s#.add(g#);",
                      "t# = g#.fma(load(x, p@).sub(m#), t#);"),
              Channels.Loop.of(
                      "normalise",
                      "float[] x, int xo, float[] mean, float[] scale, float[] shift, float[] y,"
                          + " int yo")
                  .loading("m = mean", "a = scale", "b = shift")
                  .over("p = xo", "q = yo")
                  .each("load(x, p@).sub(m#).fma(a#, b#).intoArray(y, q@);"),
              Channels.Loop.of(
                      "normaliseRelu",
                      "float[] x, int xo, float[] mean, float[] scale, float[] shift, float[] y,"
                          + " int yo")
                  .withZero()
                  .loading("m = mean", "a = scale", "b = shift")
                  .over("p = xo", "q = yo")
                  .each(
                      "FloatVector v# = load(x, p@).sub(m#).fma(a#, b#);",
                      "VectorFunctions.relu(v#, zero).intoArray(y, q@);"),
              Channels.Loop.of(
                      "inputGradient",
                      "float[] x, int xo, float[] dy, int dyo, float[] mean, float[] a, float[] b,"
                          + " float[] c, float[] dx, int dxo")
                  .loading("m = mean", "e = a", "f = b", "h = c")
                  .over("p = xo", "d = dyo", "o = dxo")
                  .each(
                      "FloatVector g# = load(dy, d@);",
                      "FloatVector c# = MANY ? h# : load(c, ^);",
                      "FloatVector v# = load(x, p@).sub(m#).fma(f#, c#);",
                      "g#.fma(e#, v#).intoArray(dx, o@);"),
              Channels.Loop.of(
                      "inputGradientRelu",
                      "float[] x, int xo, float[] y, int yo, float[] dy, int dyo, float[] mean,"
                          + " float[] a, float[] b, float[] c, float[] dx, int dxo")
                  .withZero()
                  .loading("m = mean", "e = a", "f = b", "h = c")
                  .over("p = xo", "q = yo", "d = dyo", "o = dxo")
                  .each(
                      "FloatVector g# = zero.blend(load(dy, d@), load(y, q@).compare(GT, zero));",
                      "FloatVector c# = MANY ? h# : load(c, ^);",
                      "FloatVector v# = load(x, p@).sub(m#).fma(f#, c#);",
                      "g#.fma(e#, v#).intoArray(dx, o@);"),
              Channels.Loop.of("add", "float[] big, int bo, float[] small, float[] out, int oo")
                  .loading("s = small")
                  .over("p = bo", "q = oo")
                  .each("load(big, p@).add(s#).intoArray(out, q@);"),
              Channels.Loop.of(
                      "multiply", "float[] big, int bo, float[] small, float[] out, int oo")
                  .loading("s = small")
                  .over("p = bo", "q = oo")
                  .each("load(big, p@).mul(s#).intoArray(out, q@);")),
          WinogradTable.four(),
          WinogradTable.two(),
          WinogradTable.fourStrided());

  private Table() {}
}
