package dev.thumbnet.engine.backend.reference;

import static dev.thumbnet.engine.testing.Close.assertClose;

import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.testing.Host;
import dev.thumbnet.engine.testing.Numbers;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pooling by hand, resampling against the vectors of Pillow and PyTorch. */
class ReferencePoolingTest {
  private final ReferenceBackend backend = new ReferenceBackend();
  private final Host host = new Host(backend);

  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  private static final double[] ONE_TO_NINE = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  private static final PoolProblem PADDED = PoolProblem.parse("n1 h3 w3 c1 r3 s3 st2 p1");

  private double[] maxPool(PoolProblem p, double... x) {
    Storage y = host.room(p.outputSize());
    backend.maxPool(p, host.put(x), y);
    return host.get(y);
  }

  private double[] maxPoolBackward(PoolProblem p, double[] x, double... dy) {
    Storage dx = host.room(p.inputSize());
    backend.maxPoolBackward(p, host.put(x), host.put(maxPool(p, x)), host.put(dy), dx);
    return host.get(dx);
  }

  @Test
  void paddingNeverIsTheMaximum() {
    assertClose("max", new double[] {5, 6, 8, 9}, maxPool(PADDED, ONE_TO_NINE), 0);
    double[] negative = Arrays.stream(ONE_TO_NINE).map(v -> -v).toArray();
    assertClose("max", new double[] {-1, -2, -4, -5}, maxPool(PADDED, negative), 0);
  }

  @Test
  void keepsChannelsAndPicturesApart() {
    PoolProblem p = PoolProblem.of(2, 1, 2, 2, 1, 1, 0);
    PoolProblem pair = PoolProblem.parse("n2 h1 w2 c2 r1 s2 st1x2");
    double[] x = {1, 40, 3, 20, 7, 60, 5, 80};
    assertClose("1x1", x, maxPool(p, x), 0);
    assertClose("1x2", new double[] {3, 40, 7, 80}, maxPool(pair, x), 0);
    PoolProblem tall = PoolProblem.parse("n2 h2 w2 c1 r1 s2 st1x2");
    assertClose("2 rows", new double[] {40, 20, 60, 80}, maxPool(tall, x), 0);
  }

  @Test
  void nanWinsAndMinusInfinityIsANumber() {
    PoolProblem p = PoolProblem.parse("n1 h1 w3 c1 r1 s3");
    assertClose("nan", new double[] {NAN}, maxPool(p, INF, NAN, 1), 0);
    assertClose("-inf", new double[] {-INF}, maxPool(p, -INF, -INF, -INF), 0);
    assertClose("dx", new double[] {0, 5, 0}, maxPoolBackward(p, new double[] {1, NAN, NAN}, 5), 0);
  }

  @Test
  void gradientGoesToTheFirstMaximum() {
    PoolProblem p = PoolProblem.of(1, 2, 2, 1, 2, 2, 0);
    assertClose(
        "tie", new double[] {0, 3, 0, 0}, maxPoolBackward(p, new double[] {1, 7, 7, 7}, 3), 0);
    assertClose(
        "overlap",
        new double[] {0, 0, 0, 0, 1, 10, 0, 100, 1000},
        maxPoolBackward(PADDED, ONE_TO_NINE, 1, 10, 100, 1000),
        0);
  }

  @Test
  void averagesWithAndWithoutThePadding() {
    double[] sums = {12, 16, 24, 28}; // of the 2x2 corners
    for (boolean countPad : new boolean[] {true, false}) {
      double size = countPad ? 9 : 4;
      Storage y = host.room(4);
      backend.averagePool(PADDED, countPad, host.put(ONE_TO_NINE), y);
      double[] expected = Arrays.stream(sums).map(s -> s / size).toArray();
      assertClose("average", expected, host.get(y), 1e-15);
      Storage dx = host.room(9);
      backend.averagePoolBackward(PADDED, countPad, host.put(1, 10, 100, 1000), dx);
      double[] dExpected =
          Arrays.stream(new double[] {1, 11, 10, 101, 1111, 1010, 100, 1100, 1000})
              .map(s -> s / size)
              .toArray();
      assertClose("gradient", dExpected, host.get(dx), 1e-15);
    }
  }

  /** Windows begin at 0 and 2 of three rows, but not at the padding behind them. */
  @Test
  void roundedUpALastWindowMayEndBeyondThePadding() {
    PoolProblem p = PoolProblem.parse("n1 h3 w3 c1 r2 s2 st2 p0 ceil");
    assertClose("max", new double[] {5, 6, 8, 9}, maxPool(p, ONE_TO_NINE), 0);
    for (boolean countPad : new boolean[] {true, false}) {
      Storage y = host.room(4);
      backend.averagePool(p, countPad, host.put(ONE_TO_NINE), y);
      assertClose("mean", new double[] {3, 4.5, 7.5, 9}, host.get(y), 1e-15);
    }
    PoolProblem behind = PoolProblem.parse("n1 h2 w1 c1 r1 s1 st2 p0,0,1,0 ceil");
    assertClose("none in the padding", new double[] {1}, maxPool(behind, 1, 2), 0);
  }

  /** Above the picture is one row of zeros that counts, on the right two columns. */
  @Test
  void sidesHavePaddingOfTheirOwn() {
    PoolProblem p = PoolProblem.parse("n1 h2 w2 c1 r3 s3 st1 p1,0,0,2");
    assertClose("max", new double[] {4, 4}, maxPool(p, 1, 2, 3, 4), 0);
    Storage y = host.room(2);
    backend.averagePool(p, true, host.put(1, 2, 3, 4), y);
    assertClose("padding counted", new double[] {10.0 / 9, 6.0 / 9}, host.get(y), 1e-15);
    backend.averagePool(p, false, host.put(1, 2, 3, 4), y);
    assertClose("not counted", new double[] {2.5, 3}, host.get(y), 1e-15);
  }

  @Test
  void dilatedWindowsTakeEachSecondElement() {
    PoolProblem p = PoolProblem.parse("n1 h3 w3 c1 r2 s2 st1 p1 d2");
    double[] x = {9, 1, 2, 3, 8, 4, 5, 6, 7};
    assertClose("max", new double[] {8, 4, 8, 6, 9, 6, 8, 4, 8}, maxPool(p, x), 0);
    assertClose(
        "gradient",
        new double[] {5, 0, 0, 0, 1 + 3 + 7 + 9, 2 + 8, 0, 4 + 6, 0},
        maxPoolBackward(p, x, 1, 2, 3, 4, 5, 6, 7, 8, 9),
        0);
  }

  private double[] resize(ResizeProblem p, double... x) {
    Storage y = host.room(p.outputSize());
    backend.resize(p, host.put(x), y);
    return host.get(y);
  }

  private void checkHalved(Filter filter, double tolerance, double... expected) {
    double[] x = new double[16];
    Arrays.setAll(x, i -> i);
    ResizeProblem p = new ResizeProblem(1, 4, 4, 1, 2, 2, filter);
    assertClose(p.toString(), expected, resize(p, x), tolerance, 0);
  }

  @Test
  void agreesWithPillowAndPyTorch() {
    checkHalved(Filter.BICUBIC_ANTIALIAS, 5e-7, 2.933884, 4.760331, 10.239669, 12.066116);
    checkHalved(Filter.BILINEAR_ANTIALIAS, 5e-7, 3.571429, 5.142857, 9.857143, 11.428571);
    checkHalved(Filter.BILINEAR, 1e-15, 2.5, 4.5, 10.5, 12.5);
    checkHalved(Filter.NEAREST, 0, 0, 2, 8, 10);
    checkHalved(Filter.ADAPTIVE_AVERAGE, 1e-15, 2.5, 4.5, 10.5, 12.5);
  }

  @Test
  void bicubicHalvesWithTheKnownTaps() {
    // A single bright pixel in a wide row shows the interior taps of 2:1 one after the other.
    double[] taps = {
      -.01171875, -.03515625, .11328125, .43359375, .43359375, .11328125, -.03515625, -.01171875
    };
    for (int at = 0; at < taps.length; at++) {
      double[] x = new double[32];
      x[2 * 8 - 3 + at] = 1;
      ResizeProblem p = new ResizeProblem(1, 1, 32, 1, 1, 16, Filter.BICUBIC_ANTIALIAS);
      assertClose("tap " + at, taps[at], resize(p, x)[8], 1e-15, 0);
    }
  }

  @Test
  void enlargesAtHalfPixelCentres() {
    ResizeProblem up = new ResizeProblem(1, 1, 2, 1, 1, 4, Filter.BILINEAR);
    assertClose("bilinear", new double[] {0, 1, 3, 4}, resize(up, 0, 4), 1e-15, 0);
    ResizeProblem nearest = new ResizeProblem(1, 1, 2, 2, 1, 3, Filter.NEAREST);
    assertClose("nearest", new double[] {1, 2, 1, 2, 3, 4}, resize(nearest, 1, 2, 3, 4), 0);
  }

  @Test
  void adaptiveWindowsOverlap() {
    ResizeProblem p = new ResizeProblem(1, 1, 5, 1, 1, 3, Filter.ADAPTIVE_AVERAGE);
    assertClose("5 to 3", new double[] {1.5, 3, 4.5}, resize(p, 1, 2, 3, 4, 5), 1e-15);
  }

  @ParameterizedTest
  @EnumSource(Filter.class)
  void keepsConstantsAndIsAdjoint(Filter filter) {
    for (int[] size : new int[][] {{7, 5, 3, 2}, {3, 2, 7, 9}, {4, 4, 4, 4}, {1, 6, 5, 1}}) {
      ResizeProblem p = new ResizeProblem(2, size[0], size[1], 3, size[2], size[3], filter);
      double[] ones = new double[p.inputSize()];
      Arrays.fill(ones, 1);
      double[] onesOut = new double[p.outputSize()];
      Arrays.fill(onesOut, 1);
      assertClose(p.toString(), onesOut, resize(p, ones), 1e-14);
      double[] x = Numbers.normal(1, p.inputSize());
      double[] dy = Numbers.normal(2, p.outputSize());
      Storage dx = host.room(p.inputSize());
      backend.resizeBackward(p, host.put(dy), dx);
      double expected = Numbers.dot(resize(p, x), dy);
      assertClose(p.toString(), expected, Numbers.dot(x, host.get(dx)), 1e-12, 0);
    }
  }
}
