package dev.thumbnet.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.problem.AdamStep;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.SgdStep;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.backend.reference.ReferenceBackend;
import dev.thumbnet.engine.testing.Close;
import dev.thumbnet.engine.testing.Host;
import dev.thumbnet.engine.testing.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every primitive but convolution and matrix product, with both sets of kernels, against the
 * reference; and the same bits for one, two and three threads, in the first call and in later ones.
 * Sizes are chosen for this implementation: shorter than a vector, not a multiple of one, several
 * blocks, several stripes of columns.
 */
class CpuLoopsTest {
  /** Computes one or more results, one after the other. */
  private interface Run {
    double[] on(Backend backend, Host host);
  }

  /**
   * @param magnitude what the tolerance is relative to, beside the result itself: about the size of
   *     the terms that are added up
   * @param roundings tolerance in units of float rounding
   */
  private record Case(String name, double magnitude, double roundings, Run run) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static double[] concat(double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheReference(Case c) {
    Backend reference = new ReferenceBackend();
    double[] expected = c.run.on(reference, new Host(reference));
    for (Kernels kernels : List.of(Kernels.vector(), Kernels.scalar())) {
      try (Backend cpu = new CpuBackend(1, kernels)) {
        double[] actual = c.run.on(cpu, new Host(cpu));
        Close.assertClose(
            c.name + " on " + kernels.name(),
            expected,
            actual,
            c.roundings * Close.FLOAT * c.magnitude,
            c.roundings * Close.FLOAT);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTheSameBitsForAnyNumberOfThreads(Case c) {
    for (Kernels kernels : List.of(Kernels.vector(), Kernels.scalar())) {
      double[] first = null;
      for (int threads = 1; threads <= 3; threads++) {
        try (Backend cpu = new CpuBackend(threads, kernels)) {
          double[] result = c.run.on(cpu, new Host(cpu));
          if (first == null) {
            first = result;
          }
          Close.assertSameBits(c + " with " + threads + " threads", first, result);
        }
      }
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int length : new int[] {0, 1, 15, 16, 1000, 50_001}) {
      elementwise(cases, length);
    }
    for (int[] p :
        new int[][] {
          {1, 1, 1},
          {1, 7, 1},
          {1, 70_001, 1},
          {1, 20_000, 3},
          {1, 3, 300},
          {2, 900, 24},
          {1, 500, 64},
          {3, 49, 512},
          {1, 70, 365},
          {1, 35, 509},
          {1, 40, 10_007},
          {64, 1000, 1},
          {5000, 3, 1},
          {700, 2, 8},
          {300, 1, 300},
        }) {
      axes(cases, new AxisProblem(p[0], p[1], p[2]));
    }
    for (int[] p :
        new int[][] {{1, 5}, {4, 1}, {20_000, 3}, {3000, 24}, {900, 64}, {98, 512}, {50, 5000}}) {
      batchNorm(cases, p[0], p[1], false);
      batchNorm(cases, p[0], p[1], true);
    }
    for (String p :
        List.of(
            "n2 h28 w28 c64 r3 s3 st2 p1",
            "n1 h17 w9 c200 r2 s2 st2",
            "n9 h6 w5 c200 r2 s2 st2",
            "n2 h13 w13 c3 r3 s3 st2 p1",
            "n1 h8 w8 c17 r3 s2 st1x2 p1x0",
            "n3 h7 w7 c32 r7 s7 st1",
            "n1 h9 w10 c5 r2 s2 st3",
            "n1 h2 w2 c16 r3 s3 st2 p1")) {
      pooling(cases, PoolProblem.parse(p));
    }
    for (ResizeProblem.Filter filter : ResizeProblem.Filter.values()) {
      for (int c : new int[] {1, 3, 5, 16, 40}) {
        resize(cases, new ResizeProblem(2, 37, 29, c, 11, 14, filter));
        resize(cases, new ResizeProblem(1, 9, 11, c, 20, 31, filter));
      }
      resize(cases, new ResizeProblem(2, 64, 64, 3, 1, 1, filter));
    }
    for (int[] p : new int[][] {{0, 5}, {1, 1}, {7, 10}, {3, 1000}, {500, 37}}) {
      softmax(cases, p[0], p[1]);
    }
    return cases.stream();
  }

  // ---------------------------------------------------------------- cases

  private static void elementwise(List<Case> cases, int n) {
    double[] a = Numbers.normal(1, n);
    double[] b = Numbers.normal(2, n);
    double[] positive = Numbers.uniform(3, n, 0.1, 5);
    if (n > 20) {
      a[3] = Double.NaN;
      a[17] = Double.POSITIVE_INFINITY;
      a[18] = 0;
      a[n - 1] = Double.NaN;
    }
    cases.add(
        new Case(
            "linearCombination of " + n,
            3,
            4,
            (backend, host) -> {
              Storage out = host.room(n);
              backend.linearCombination(n, 0.7, host.put(a), -1.3, host.put(b), out);
              Storage inPlace = host.put(b);
              backend.linearCombination(n, 0.7, host.put(a), -1.3, inPlace, inPlace);
              return concat(host.get(out), host.get(inPlace));
            }));
    cases.add(
        new Case(
            "arithmetic on " + n,
            3,
            4,
            (backend, host) -> {
              Storage affine = host.room(n);
              backend.affine(n, 1.7, host.put(a), 0.3, affine);
              Storage product = host.room(n);
              backend.multiply(n, host.put(a), host.put(b), product);
              Storage quotient = host.room(n);
              backend.divide(n, host.put(a), host.put(positive), quotient);
              Storage relu = host.room(n);
              backend.addRelu(n, host.put(a), host.put(b), relu);
              return concat(
                  host.get(affine), host.get(product), host.get(quotient), host.get(relu));
            }));
    for (Unary f : Unary.values()) {
      double[] x = f == Unary.LOG || f == Unary.SQRT ? positive : a;
      cases.add(
          new Case(
              f + " of " + n,
              1,
              8,
              (backend, host) -> {
                Storage xs = host.put(x);
                Storage y = host.room(n);
                backend.unary(f, n, xs, y);
                Storage dx = host.room(n);
                backend.unaryBackward(f, n, host.put(x), host.put(positive), host.put(b), dx);
                Storage inPlace = host.put(b);
                backend.unaryBackward(f, n, host.put(x), host.put(positive), inPlace, inPlace);
                backend.unary(f, n, xs, xs);
                return concat(host.get(y), host.get(dx), host.get(inPlace), host.get(xs));
              }));
    }
    cases.add(
        new Case(
            "leakyRelu of " + n,
            1,
            4,
            (backend, host) -> {
              Storage y = host.room(n);
              backend.leakyRelu(n, 0.1, host.put(a), y);
              Storage dx = host.room(n);
              backend.leakyReluBackward(n, 0.1, host.put(a), host.put(b), dx);
              return concat(host.get(y), host.get(dx));
            }));
    cases.add(
        new Case(
            "dropoutMask of " + n,
            0,
            1,
            (backend, host) -> {
              Storage mask = host.room(n);
              backend.dropoutMask(n, 123456789, 0.7, mask);
              return host.get(mask);
            }));
    optimisers(cases, n, b, positive);
  }

  private static void optimisers(List<Case> cases, int n, double[] b, double[] positive) {
    double[] g = Numbers.normal(4, n);
    for (SgdStep step :
        List.of(
            new SgdStep(0.1, 0, 0.01, false),
            new SgdStep(0.1, 0.9, 0.01, false),
            new SgdStep(0.1, 0.9, 0.01, true))) {
      cases.add(
          new Case(
              step + " on " + n,
              3,
              6,
              (backend, host) -> {
                Storage weight = host.put(b);
                Storage velocity = step.momentum() == 0 ? null : host.put(positive);
                backend.sgd(step, n, weight, host.put(g), velocity);
                return velocity == null
                    ? host.get(weight)
                    : concat(host.get(weight), host.get(velocity));
              }));
    }
    for (boolean decoupled : new boolean[] {false, true}) {
      AdamStep step = new AdamStep(0.01, 0.9, 0.999, 1e-8, 0.1, decoupled, 3);
      cases.add(
          new Case(
              step + " on " + n,
              3,
              8,
              (backend, host) -> {
                Storage weight = host.put(b);
                Storage m = host.put(b);
                Storage v = host.put(positive);
                backend.adam(step, n, weight, host.put(g), m, v);
                return concat(host.get(weight), host.get(m), host.get(v));
              }));
    }
  }

  private static void axes(List<Case> cases, AxisProblem p) {
    double[] big = Numbers.normal(5, p.bigSize());
    double[] other = Numbers.normal(6, p.bigSize());
    double[] small = Numbers.normal(7, p.smallSize());
    double[] low = Numbers.uniform(8, p.smallSize(), -1, 0);
    double[] high = Numbers.uniform(9, p.smallSize(), 0, 1);
    cases.add(
        new Case(
            "broadcast " + p,
            3,
            4,
            (backend, host) -> {
              Storage sum = host.room(p.bigSize());
              backend.broadcastAdd(p, host.put(big), 0.3, host.put(small), sum);
              Storage product = host.room(p.bigSize());
              backend.broadcastMultiply(p, host.put(big), host.put(small), product);
              Storage copies = host.room(p.bigSize());
              backend.broadcast(p, 0.3, host.put(small), copies);
              Storage clamped = host.room(p.bigSize());
              Storage gradient = host.room(p.bigSize());
              backend.clamp(p, host.put(big), host.put(low), host.put(high), clamped);
              backend.clampBackward(
                  p, host.put(big), host.put(low), host.put(high), host.put(other), gradient);
              Storage inPlace = host.put(big);
              backend.broadcastAdd(p, inPlace, 1, host.put(small), inPlace);
              backend.broadcastMultiply(p, inPlace, host.put(small), inPlace);
              return concat(
                  host.get(sum),
                  host.get(product),
                  host.get(copies),
                  host.get(clamped),
                  host.get(gradient),
                  host.get(inPlace));
            }));
    // The error of a sum is that of chains of at most 64 additions; the terms are of size 1.
    cases.add(
        new Case(
            "sum " + p,
            p.repeat(),
            10,
            (backend, host) -> {
              Storage sum = host.room(p.smallSize());
              backend.sum(p, 0.5, host.put(big), sum);
              Storage products = host.room(p.smallSize());
              backend.sumOfProducts(p, 0.5, host.put(big), host.put(other), products);
              return concat(host.get(sum), host.get(products));
            }));
  }

  private static void batchNorm(List<Case> cases, int rows, int channels, boolean relu) {
    BatchNormProblem p = new BatchNormProblem(rows, channels, 1e-3, relu);
    double[] x = Numbers.normal(8, p.size());
    double[] dy = Numbers.normal(9, p.size());
    double[] gamma = Numbers.uniform(10, channels, 0.5, 2);
    double[] beta = Numbers.normal(11, channels);
    double[] mean = Numbers.normal(12, channels);
    double[] variance = Numbers.uniform(13, channels, 0.5, 2);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (x[i] + i % channels); // means of 0, 1, 2, ... standard deviations
    }
    for (int c = 0; c < channels; c++) {
      mean[c] = (float) (mean[c] + c);
    }
    cases.add(
        new Case(
            "train " + p,
            4,
            16,
            (backend, host) -> {
              Storage m = host.room(channels);
              Storage v = host.room(channels);
              Storage y = host.room(p.size());
              backend.batchNormTrain(p, host.put(x), host.put(gamma), host.put(beta), m, v, y);
              return concat(host.get(m), host.get(v), host.get(y));
            }));
    cases.add(
        new Case(
            "eval " + p,
            4,
            8,
            (backend, host) -> {
              Storage y = host.put(x);
              backend.batchNormEval(
                  p, y, host.put(gamma), host.put(beta), host.put(mean), host.put(variance), y);
              return host.get(y);
            }));
    for (boolean batchStatistics : new boolean[] {false, true}) {
      cases.add(
          new Case(
              "backward " + p + (batchStatistics ? " with batch statistics" : ""),
              4 * Math.sqrt(rows),
              16,
              (backend, host) -> {
                Storage dx = host.room(p.size());
                Storage dGamma = host.room(channels);
                Storage dBeta = host.room(channels);
                Storage noDx = host.room(channels);
                Storage y = relu ? host.put(Numbers.normal(14, p.size())) : null;
                backend.batchNormBackward(
                    p,
                    batchStatistics,
                    host.put(x),
                    y,
                    host.put(dy),
                    host.put(gamma),
                    host.put(mean),
                    host.put(variance),
                    dx,
                    dGamma,
                    dBeta);
                backend.batchNormBackward(
                    p,
                    batchStatistics,
                    host.put(x),
                    y,
                    host.put(dy),
                    host.put(gamma),
                    host.put(mean),
                    host.put(variance),
                    null,
                    noDx,
                    dBeta);
                return concat(host.get(dx), host.get(dGamma), host.get(dBeta), host.get(noDx));
              }));
    }
  }

  private static void pooling(List<Case> cases, PoolProblem p) {
    double[] x = Numbers.normal(15, p.inputSize());
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.round(x[i] * 2); // so that there are ties, zeros of both signs among them
    }
    x[x.length / 2] = Double.NaN;
    double[] dy = Numbers.normal(16, p.outputSize());
    cases.add(
        new Case(
            "maxPool " + p,
            p.kh() * p.kw(),
            2,
            (backend, host) -> {
              Storage xs = host.put(x);
              Storage y = host.room(p.outputSize());
              backend.maxPool(p, xs, y);
              Storage dx = host.room(p.inputSize());
              backend.maxPoolBackward(p, xs, y, host.put(dy), dx);
              return concat(host.get(y), host.get(dx));
            }));
    double[] finite = Numbers.normal(17, p.inputSize());
    for (boolean countPad : new boolean[] {false, true}) {
      cases.add(
          new Case(
              "averagePool " + p + (countPad ? " counting padding" : ""),
              1,
              p.kh() * p.kw() + 2,
              (backend, host) -> {
                Storage y = host.room(p.outputSize());
                backend.averagePool(p, countPad, host.put(finite), y);
                Storage dx = host.room(p.inputSize());
                backend.averagePoolBackward(p, countPad, host.put(dy), dx);
                return concat(host.get(y), host.get(dx));
              }));
    }
  }

  private static void resize(List<Case> cases, ResizeProblem p) {
    double[] x = Numbers.normal(18, p.inputSize());
    double[] dy = Numbers.normal(19, p.outputSize());
    cases.add(
        new Case(
            p.toString(),
            4,
            8,
            (backend, host) -> {
              Storage y = host.room(p.outputSize());
              backend.resize(p, host.put(x), y);
              Storage dx = host.room(p.inputSize());
              backend.resizeBackward(p, host.put(dy), dx);
              return concat(host.get(y), host.get(dx));
            }));
  }

  private static void softmax(List<Case> cases, int rows, int cols) {
    int size = rows * cols;
    double[] x = Numbers.uniform(20, size, -100, 100);
    double[] y = Numbers.uniform(21, size, -5, 0);
    double[] dy = Numbers.normal(22, size);
    int[] labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = i * 7 % cols;
    }
    if (rows > 1) {
      x[1] = Double.NEGATIVE_INFINITY; // a class that is impossible
    }
    cases.add(
        new Case(
            "softmax of " + rows + " x " + cols,
            4,
            4 + cols / 100.0,
            (backend, host) -> {
              Storage p = host.room(size);
              backend.softmax(rows, cols, host.put(x), p);
              Storage dx = host.room(size);
              backend.softmaxBackward(rows, cols, host.put(y), host.put(dy), dx);
              Storage log = host.put(x);
              backend.logSoftmax(rows, cols, log, log);
              Storage dLog = host.room(size);
              backend.logSoftmaxBackward(rows, cols, host.put(y), host.put(dy), dLog);
              return concat(host.get(p), host.get(dx), host.get(log), host.get(dLog));
            }));
    for (double smoothing : new double[] {0, 0.1}) {
      cases.add(
          new Case(
              "crossEntropy of " + rows + " x " + cols + " smoothed by " + smoothing,
              1,
              4,
              (backend, host) -> {
                Storage p = host.room(size);
                Storage loss = host.room(rows);
                backend.crossEntropy(rows, cols, host.put(x), labels, smoothing, p, loss);
                Storage dx = host.room(size);
                backend.crossEntropyBackward(rows, cols, p, labels, smoothing, 0.25, dx);
                return concat(host.get(p), host.get(loss), host.get(dx));
              }));
    }
  }

  // ---------------------------------------------------------------- more

  /** The compiled loop must give the bits of the interpreted one. */
  @Test
  void aHotCallGivesTheBitsOfTheFirst() {
    double[] x = Numbers.normal(23, 4000);
    for (Unary f : List.of(Unary.EXP, Unary.TANH, Unary.SIGMOID, Unary.RELU)) {
      try (Backend cpu = new CpuBackend(1)) {
        Host host = new Host(cpu);
        Storage xs = host.put(x);
        Storage y = host.room(x.length);
        cpu.unary(f, x.length, xs, y);
        double[] first = host.get(y);
        for (int i = 0; i < 200; i++) {
          cpu.unary(f, x.length, xs, y);
        }
        Close.assertSameBits(f + " after 200 calls", first, host.get(y));
      }
    }
  }

  @Test
  void batchStatisticsAreAccurateFarFromZero() {
    int rows = 30_000;
    BatchNormProblem p = new BatchNormProblem(rows, 3, 0, false);
    double[] x = Numbers.normal(24, p.size());
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (x[i] + 10_000 * (i % 3));
    }
    double[] mean = new double[3];
    double[] variance = new double[3];
    for (int i = 0; i < x.length; i++) {
      mean[i % 3] += x[i] / rows;
    }
    for (int i = 0; i < x.length; i++) {
      variance[i % 3] += (x[i] - mean[i % 3]) * (x[i] - mean[i % 3]) / rows;
    }
    for (Kernels kernels : List.of(Kernels.vector(), Kernels.scalar())) {
      try (Backend cpu = new CpuBackend(2, kernels)) {
        Host host = new Host(cpu);
        Storage m = host.room(3);
        Storage v = host.room(3);
        Storage y = host.room(p.size());
        cpu.batchNormTrain(p, host.put(x), host.put(1, 1, 1), host.put(0, 0, 0), m, v, y);
        Close.assertClose("mean", mean, host.get(m), Close.FLOAT, Close.FLOAT * 1.01);
        Close.assertClose("variance", variance, host.get(v), 8 * Close.FLOAT);
        double[] normal = new double[x.length];
        for (int i = 0; i < x.length; i++) {
          normal[i] = (x[i] - mean[i % 3]) / Math.sqrt(variance[i % 3]);
        }
        Close.assertClose("y", normal, host.get(y), 8 * Close.FLOAT, 8 * Close.FLOAT);
      }
    }
  }

  @Test
  void badArgumentsAreNamed() {
    try (Backend cpu = new CpuBackend(1)) {
      Host host = new Host(cpu);
      Storage three = host.put(1, 2, 3);
      assertThatThrownBy(() -> cpu.multiply(4, three, three, three))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("multiply")
          .hasMessageContaining("3 elements");
      assertThatThrownBy(() -> cpu.allocate(-1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> cpu.upload(new float[9], 6, three, 0, 3 + 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("upload");
      assertThatThrownBy(() -> cpu.upload(new float[9], 7, three, 0, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("host array");
      assertThatThrownBy(() -> cpu.download(three, 0, new double[2], 0, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("host array");
      assertThatThrownBy(() -> cpu.softmax(-1, 3, three, three))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("softmax");
      assertThatThrownBy(() -> cpu.softmax(1 << 16, 1 << 16, three, three))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("softmax");
      assertThatThrownBy(
              () -> cpu.crossEntropy(1, 3, three, new int[] {3}, 0, host.room(3), host.room(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("label 3");
      assertThatThrownBy(() -> cpu.unaryBackward(Unary.RELU, 3, three, null, three, three))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("unaryBackward: y");
      assertThat(host.get(three)).containsExactly(1, 2, 3);
    }
  }
}
