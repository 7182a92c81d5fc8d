/** The maps of Winograd's transforms, see WinogradMatrices in the engine. */
final class WinogradTable {
  private WinogradTable() {}

  private static Transforms.Columns tileColumns(String name, LinearMap map) {
    return new Transforms.Columns(name + "Columns", map, "COLUMN", "UNITED", "to");
  }

  private static Transforms.Rows tileRows(String name, LinearMap map) {
    return new Transforms.Rows(name + "Rows", map, "UNITED", "COLUMN", "from");
  }

  private static Transforms.Tiles tiles(String name, LinearMap map, String item) {
    return new Transforms.Tiles(new Transforms.Rows(name + "Rows", map, item, "COLUMN", "begin"));
  }

  private static Transforms.Columns outputColumns(String name, LinearMap map) {
    return new Transforms.Columns(name + "Columns", map.withoutBias(), "L", "ROW", "0");
  }

  private static Transforms.Rows outputRows(String name, LinearMap map) {
    return new Transforms.Rows(name + "Rows", map, "ROW", "L", "0");
  }

  private static Transforms.Both outputs(String name, LinearMap map, String first, String second) {
    return new Transforms.Both(name, outputColumns("", map), first, outputRows("", map), second);
  }

  private static Transforms.Both weights(LinearMap map) {
    return new Transforms.Both(
        "weights",
        new Transforms.Columns("", map, "L", "3 * L", "0"),
        "3",
        new Transforms.Rows("", map, "3 * L", "L", "0"),
        "SIZE");
  }

  static Transforms four() {
    LinearMap inputs4 =
        LinearMap.of("d0", "d1", "d2", "d3", "d4", "d5")
            .factors(
                "minusTwo = -2f",
                "minusHalf = -0.5f",
                "minusBoth = -2.5f",
                "p = P",
                "q = Q",
                "minusP = -P",
                "minusQ = -Q")
            .parts(
                "evenP = d2.fma(minusTwo, d4)",
                "oddP = d1.fma(minusTwo, d3)",
                "evenQ = d2.fma(minusHalf, d4)",
                "oddQ = d1.fma(minusHalf, d3)")
            .writes(
                "0 = d3.fma(minusBoth, d1.add(d5))",
                "1 = d2.fma(minusBoth, d0.add(d4))",
                "2 = oddP.fma(p, evenP)",
                "3 = oddP.fma(minusP, evenP)",
                "4 = oddQ.fma(q, evenQ)",
                "5 = oddQ.fma(minusQ, evenQ)");
    LinearMap inputs3 =
        LinearMap.of("d0", "d1", "d2", "d3", "d4")
            .factors(
                "minusTwo = -2f",
                "minusHalf = -0.5f",
                "minusMore = -1.5f",
                "p = P",
                "q = Q",
                "p3 = P * 3",
                "minusQ = -Q",
                "q2 = Q * 2")
            .parts("even = d2.fma(minusHalf, d4)", "odd = d1.fma(minusHalf, d3)")
            .writes(
                "0 = odd.fma(minusQ, even)",
                "1 = odd.fma(q, d2.fma(minusTwo, d0))",
                "2 = d3.sub(d1).fma(p3, d2.mul(minusMore))",
                "3 = d3.add(d1).fma(p, d2.mul(minusMore))",
                "4 = odd.mul(q2)");
    LinearMap inputs2 =
        LinearMap.of("d0", "d1", "d2", "d3")
            .factors("minusTwo = -2f", "minusHalf = -0.5f", "minusMore = -1.5f", "p = P * 3 / 2")
            .parts("even = d2.mul(minusMore)", "odd = d1.mul(p)")
            .writes(
                "0 = d1.fma(minusHalf, d3)",
                "1 = d2.fma(minusTwo, d0)",
                "2 = even.sub(odd)",
                "3 = even.add(odd)");
    LinearMap inputs1 =
        LinearMap.of("d0", "d1", "d2")
            .factors("minusP = -P", "minusQ = -Q", "minusP3 = P * -3")
            .writes("0 = d1.fma(minusP, d2)", "1 = d1.fma(minusQ, d0)", "2 = d1.mul(minusP3)");
    LinearMap outputs4 =
        LinearMap.of("m0", "m1", "m2", "m3", "m4", "m5")
            .factors("half = 0.5f", "two = 2f", "p = P", "q = Q", "p3 = P / 2", "q3 = Q * 2")
            .parts(
                "evenP = m2.add(m3)",
                "oddP = m2.sub(m3)",
                "evenQ = m4.add(m5)",
                "oddQ = m4.sub(m5)")
            .writes(
                "0 = m1.add(evenP).add(evenQ).add(b)",
                "1 = oddQ.fma(q, oddP.fma(p, b))",
                "2 = evenQ.fma(two, evenP.fma(half, b))",
                "3 = oddQ.fma(q3, oddP.fma(p3, m0.add(b)))");
    LinearMap outputs3 =
        LinearMap.of("m0", "m1", "m2", "m3", "m4")
            .factors("half = 0.5f", "two = 2f", "p = P", "q = Q")
            .parts("even = m2.add(m3)", "odd = m2.sub(m3)")
            .writes(
                "0 = m1.add(even).add(m4).add(b)",
                "1 = m4.fma(q, odd.fma(p, b))",
                "2 = m4.fma(two, even.fma(half, m0.add(b)))");
    LinearMap outputs2 =
        LinearMap.of("m0", "m1", "m2", "m3")
            .factors("p = P")
            .writes("0 = m1.add(m2).add(m3).add(b)", "1 = m2.sub(m3).fma(p, m0.add(b))");
    LinearMap outputs1 = LinearMap.of("m0", "m1", "m2").writes("0 = m0.add(m1).add(m2).add(b)");
    LinearMap weights =
        LinearMap.of("g0", "g1", "g2")
            .factors(
                "twoThirds = -2f / 3",
                "third = 1f / 3",
                "minusThird = -1f / 3",
                "sixth = 1f / 6",
                "p = P * -2 / 3",
                "q = Q / 6")
            .parts(
                "evenP = g0.fma(twoThirds, g2.mul(minusThird))",
                "oddP = g1.mul(p)",
                "evenQ = g0.fma(sixth, g2.mul(third))",
                "oddQ = g1.mul(q)")
            .writes(
                "0 = g2",
                "1 = g0",
                "2 = evenP.add(oddP)",
                "3 = evenP.sub(oddP)",
                "4 = evenQ.add(oddQ)",
                "5 = evenQ.sub(oddQ)");
    LinearMap gradients =
        LinearMap.of("g0", "g1", "g2", "g3")
            .factors("half = 0.5f", "two = 2f", "p = P", "q = Q", "p3 = P / 2", "q3 = Q * 2")
            .parts(
                "evenP = g2.fma(half, g0)",
                "oddP = g3.fma(p3, g1.mul(p))",
                "evenQ = g2.fma(two, g0)",
                "oddQ = g3.fma(q3, g1.mul(q))")
            .writes(
                "0 = g3",
                "1 = g0",
                "2 = evenP.add(oddP)",
                "3 = evenP.sub(oddP)",
                "4 = evenQ.add(oddQ)",
                "5 = evenQ.sub(oddQ)");
    LinearMap weightGradients =
        LinearMap.of("m0", "m1", "m2", "m3", "m4", "m5")
            .factors(
                "twoThirds = -2f / 3",
                "third = 1f / 3",
                "sixth = 1f / 6",
                "p = P * -2 / 3",
                "q = Q / 6")
            .parts(
                "evenP = m2.add(m3)",
                "oddP = m2.sub(m3)",
                "evenQ = m4.add(m5)",
                "oddQ = m4.sub(m5)")
            .writes(
                "0 = evenQ.fma(sixth, evenP.fma(twoThirds, m1))",
                "1 = oddQ.fma(q, oddP.mul(p))",
                "2 = evenQ.sub(evenP).fma(third, m0)");
    return new Transforms(
        "Winograd4Transforms",
        6,
        """
        Instructions for a vector, with 8 lanes and 16 registers, and before: inputs along columns
        60 and 72, along rows 55 and 70, of which 29 are arithmetic, loads and stores; gradients 39
        and 53 for 83; outputs of a tile about 1050 and 1450 for two vectors of channels, weights
        about 400 and 800 for one.
        """
            .strip(),
        tileColumns("inputs1", inputs1),
        tileColumns("inputs2", inputs2),
        tileColumns("inputs3", inputs3),
        tileColumns("inputs4", inputs4),
        tileRows("inputs1", inputs1),
        tileRows("inputs2", inputs2),
        tileRows("inputs3", inputs3),
        tiles("inputs4", inputs4, "4 * COLUMN"),
        outputColumns("outputs1", outputs1),
        outputColumns("outputs2", outputs2),
        outputColumns("outputs3", outputs3),
        outputColumns("outputs4", outputs4),
        outputRows("outputs1", outputs1),
        outputRows("outputs2", outputs2),
        outputRows("outputs3", outputs3),
        outputRows("outputs4", outputs4),
        outputs("outputs", outputs4, "SIZE", "4"),
        weights(weights),
        tileColumns("gradients", gradients),
        tiles("gradients", gradients, "4 * COLUMN"),
        outputs("weightGradients", weightGradients, "SIZE", "3"));
  }

  static Transforms two() {
    LinearMap inputs2 =
        LinearMap.of("d0", "d1", "d2", "d3")
            .writes("0 = d3.sub(d1)", "1 = d2.sub(d0)", "2 = d2.add(d1)", "3 = d2.sub(d1)");
    LinearMap inputs1 =
        LinearMap.of("d0", "d1", "d2").writes("0 = d2.sub(d1)", "1 = d1.sub(d0)", "2 = d1.add(d1)");
    LinearMap outputs2 =
        LinearMap.of("m0", "m1", "m2", "m3")
            .writes("0 = m2.add(m3).add(m1).add(b)", "1 = m2.sub(m3).add(m0).add(b)");
    LinearMap outputs1 = LinearMap.of("m0", "m1", "m2").writes("0 = m0.add(m1).add(m2).add(b)");
    LinearMap weights =
        LinearMap.of("g0", "g1", "g2")
            .factors("half = 0.5f")
            .parts("even = g0.add(g2).mul(half)", "odd = g1.mul(half)")
            .writes("0 = g2", "1 = g0.neg()", "2 = even.add(odd)", "3 = even.sub(odd)");
    LinearMap gradients =
        LinearMap.of("g0", "g1").writes("0 = g1", "1 = g0", "2 = g0.add(g1)", "3 = g0.sub(g1)");
    LinearMap weightGradients =
        LinearMap.of("m0", "m1", "m2", "m3")
            .factors("half = 0.5f")
            .parts("even = m2.add(m3).mul(half)")
            .writes("0 = even.sub(m1)", "1 = m2.sub(m3).mul(half)", "2 = even.add(m0)");
    return new Transforms(
        "Winograd2Transforms",
        4,
        """
        Instructions for a vector, with 8 lanes and 16 registers, and before: inputs 31 and 60 in
        each direction, gradients 18 and 25 for 45, outputs 26 and 50.
        """
            .strip(),
        tileColumns("inputs1", inputs1),
        tileColumns("inputs2", inputs2),
        tileRows("inputs1", inputs1),
        tiles("inputs2", inputs2, "2 * COLUMN"),
        outputColumns("outputs1", outputs1),
        outputColumns("outputs2", outputs2),
        outputRows("outputs1", outputs1),
        outputRows("outputs2", outputs2),
        outputs("outputs", outputs2, "SIZE", "2"),
        weights(weights),
        tileColumns("gradients", gradients),
        tiles("gradients", gradients, "2 * COLUMN"),
        outputs("weightGradients", weightGradients, "SIZE", "3"));
  }

  static Transforms fourStrided() {
    LinearMap evenInputs4 =
        LinearMap.of("d0", "d2", "d4", "d6", "d8")
            .factors("minusHalf = -0.5f", "p = P", "minusP = -P", "minusP3 = P * -3", "minusQ = -Q")
            .parts("odd = d2.fma(minusHalf, d6)")
            .writes(
                "0 = odd.fma(minusQ, d4.fma(minusHalf, d8))",
                "1 = d4.fma(minusQ, d0.fma(p, odd))",
                "3 = d4.fma(minusP, d6.sub(d2))",
                "5 = d4.fma(minusP3, d6.add(d2))",
                "7 = odd");
    LinearMap oddInputs4 =
        LinearMap.of("d1", "d3", "d5", "d7").writes("2 = d1", "4 = d3", "6 = d5", "8 = d7");
    LinearMap inputs3 =
        LinearMap.of("d0", "d1", "d2", "d3", "d4", "d5", "d6")
            .factors(
                "minusHalf = -0.5f",
                "more = 1.5f",
                "p = P",
                "minusP = -P",
                "minusP3 = P * -3",
                "minusQ = -Q")
            .writes(
                "0 = d2.fma(minusHalf, d6)",
                "1 = d4.fma(minusQ, d0.mul(p))",
                "2 = d1",
                "3 = d4.fma(minusP, d2.mul(minusHalf))",
                "4 = d3",
                "5 = d4.fma(minusP3, d2.mul(more))",
                "6 = d5");
    LinearMap inputs2 =
        LinearMap.of("d0", "d1", "d2", "d3", "d4")
            .factors("p = P", "minusP = -P")
            .writes(
                "0 = d2.fma(minusP, d4)",
                "1 = d0.mul(p).sub(d2)",
                "2 = d1",
                "3 = d2.neg()",
                "4 = d3");
    LinearMap inputs1 =
        LinearMap.of("d0", "d1", "d2").factors("p = P").writes("0 = d2", "1 = d0.mul(p)", "2 = d1");
    LinearMap outputs4 =
        LinearMap.of("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8")
            .factors("half = 0.5f", "two = 2f", "p = P", "q = Q", "p3 = P / 2", "q3 = Q * 2")
            .parts("even = m3.add(m5)", "odd = m3.sub(m5)")
            .writes(
                "0 = m1.add(even).add(m7).add(m2.add(b))",
                "1 = m7.fma(q, odd.fma(p, m4.add(b)))",
                "2 = m7.fma(two, even.fma(half, m6.add(b)))",
                "3 = m7.fma(q3, odd.fma(p3, m0.add(m8).add(b)))");
    LinearMap outputs3 =
        LinearMap.of("m0", "m1", "m2", "m3", "m4", "m5", "m6")
            .factors("half = 0.5f", "p = P")
            .parts("even = m3.add(m5)", "odd = m3.sub(m5)")
            .writes(
                "0 = m1.add(even).add(m2).add(b)",
                "1 = odd.fma(p, m4.add(b))",
                "2 = even.fma(half, m0.add(m6).add(b))");
    LinearMap outputs2 =
        LinearMap.of("m0", "m1", "m2", "m3", "m4")
            .factors("p = P")
            .writes("0 = m1.add(m3).add(m2).add(b)", "1 = m3.fma(p, m0.add(m4).add(b))");
    LinearMap outputs1 = LinearMap.of("m0", "m1", "m2").writes("0 = m0.add(m1).add(m2).add(b)");
    LinearMap weights =
        LinearMap.of("g0", "g1", "g2")
            .factors(
                "third = 1f / 3",
                "twoThirds = 2f / 3",
                "q = Q",
                "minusQ = -Q",
                "minusQ3 = Q / -3",
                "p23 = P * 2 / 3")
            .writes(
                "0 = g2",
                "1 = g0.mul(q)",
                "2 = g1",
                "3 = g0.fma(minusQ, g2.neg())",
                "4 = g1",
                "5 = g0.fma(minusQ3, g2.mul(third))",
                "6 = g1",
                "7 = g0.fma(p23, g2.mul(twoThirds))",
                "8 = g1");
    return new Transforms(
        "WinogradStrided4Transforms",
        9,
        """
        Inputs are two loops, because all nine at once have more indices than there are registers.
        Instructions for a vector, with 8 lanes and 16 registers, and before: even inputs 43 and 55
        in each direction, odd ones 26 and 34.
        """
            .strip(),
        tileColumns("inputs1", inputs1),
        tileColumns("inputs2", inputs2),
        tileColumns("inputs3", inputs3),
        tileColumns("evenInputs4", evenInputs4),
        tileColumns("oddInputs4", oddInputs4),
        tileRows("inputs1", inputs1),
        tileRows("inputs2", inputs2),
        tileRows("inputs3", inputs3),
        tiles("evenInputs4", evenInputs4, "8 * COLUMN"),
        tiles("oddInputs4", oddInputs4, "8 * COLUMN"),
        outputColumns("outputs1", outputs1),
        outputColumns("outputs2", outputs2),
        outputColumns("outputs3", outputs3),
        outputColumns("outputs4", outputs4),
        outputRows("outputs1", outputs1),
        outputRows("outputs2", outputs2),
        outputRows("outputs3", outputs3),
        outputRows("outputs4", outputs4),
        outputs("outputs", outputs4, "SIZE", "4"),
        weights(weights));
  }
}
