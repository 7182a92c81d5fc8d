package dev.thumbnet.engine.backend.cpu.pass;

import dev.thumbnet.engine.backend.SplitMix64;
import dev.thumbnet.engine.backend.cpu.kernel.ElementKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.AdamStep;
import dev.thumbnet.engine.backend.problem.SgdStep;
import dev.thumbnet.engine.backend.problem.Unary;
import org.jspecify.annotations.Nullable;

/**
 * One result per element, from the elements at the same place. What training uses at every layer is
 * a kernel; the rest are plain loops.
 */
public final class Elementwise {
  /** Elements per task: 64 KB of each array, some microseconds of work. */
  private static final int CHUNK = 1 << 14;

  private final WorkerPool workers;
  private final ElementKernels kernels;

  Elementwise(WorkerPool workers, Kernels kernels) {
    this.workers = workers;
    this.kernels = kernels.elements();
  }

  /** A loop over {@code n} elements from {@code from} on. */
  private interface Loop {
    void run(int from, int n);
  }

  private void split(int length, Loop loop) {
    int chunks = Math.ceilDiv(length, CHUNK);
    workers.run(chunks, i -> loop.run(i * CHUNK, Math.min(CHUNK, length - i * CHUNK)));
  }

  // ---------------------------------------------------------------- arithmetic

  void linearCombination(
      int length, double alpha, CpuStorage a, double beta, CpuStorage b, CpuStorage out) {
    split(
        length,
        (from, n) ->
            kernels.linearCombination(
                n,
                (float) alpha,
                a.array,
                a.offset + from,
                (float) beta,
                b.array,
                b.offset + from,
                out.array,
                out.offset + from));
  }

  public void affine(int length, double scale, CpuStorage x, double shift, CpuStorage out) {
    split(
        length,
        (from, n) ->
            kernels.affine(
                n,
                (float) scale,
                x.array,
                x.offset + from,
                (float) shift,
                out.array,
                out.offset + from));
  }

  public void multiply(int length, CpuStorage a, CpuStorage b, CpuStorage out) {
    split(
        length,
        (from, n) ->
            kernels.multiply(
                n,
                a.array,
                a.offset + from,
                b.array,
                b.offset + from,
                out.array,
                out.offset + from));
  }

  public void divide(int length, CpuStorage a, CpuStorage b, CpuStorage out) {
    split(
        length,
        (from, n) ->
            kernels.divide(
                n,
                a.array,
                a.offset + from,
                b.array,
                b.offset + from,
                out.array,
                out.offset + from));
  }

  void addRelu(int length, CpuStorage a, CpuStorage b, CpuStorage out) {
    split(
        length,
        (from, n) ->
            kernels.addRelu(
                n,
                a.array,
                a.offset + from,
                b.array,
                b.offset + from,
                out.array,
                out.offset + from));
  }

  void maximum(int length, CpuStorage a, CpuStorage b, CpuStorage out) {
    split(
        length,
        (from, n) ->
            kernels.maximum(
                n,
                a.array,
                a.offset + from,
                b.array,
                b.offset + from,
                out.array,
                out.offset + from));
  }

  void minimum(int length, CpuStorage a, CpuStorage b, CpuStorage out) {
    split(
        length,
        (from, n) ->
            kernels.minimum(
                n,
                a.array,
                a.offset + from,
                b.array,
                b.offset + from,
                out.array,
                out.offset + from));
  }

  public void maximumBackward(
      int length, CpuStorage a, CpuStorage b, CpuStorage dy, CpuStorage da) {
    split(
        length,
        (from, n) -> {
          for (int i = from; i < from + n; i++) {
            float left = a.array[a.offset + i];
            float right = b.array[b.offset + i];
            float d = dy.array[dy.offset + i];
            da.array[da.offset + i] = left > right ? d : left == right ? d / 2 : 0;
          }
        });
  }

  // ---------------------------------------------------------------- functions of one variable

  void unary(Unary f, int length, CpuStorage x, CpuStorage y) {
    split(
        length,
        (from, n) -> kernels.unary(f, n, x.array, x.offset + from, y.array, y.offset + from));
  }

  /**
   * {@code value} is what the derivative is computed from, x or y; see {@link Unary#gradientUsesX}.
   */
  public void unaryBackward(Unary f, int length, CpuStorage value, CpuStorage dy, CpuStorage dx) {
    split(
        length,
        (from, n) ->
            unaryBackward(
                f,
                n,
                value.array,
                value.offset + from,
                dy.array,
                dy.offset + from,
                dx.array,
                dx.offset + from));
  }

  private void unaryBackward(
      Unary f, int n, float[] v, int vo, float[] dy, int dyo, float[] dx, int dxo) {
    switch (f) {
      case RELU -> kernels.reluBackward(n, v, vo, dy, dyo, dx, dxo);
      case SIGMOID -> sigmoidBackward(n, v, vo, dy, dyo, dx, dxo);
      case TANH -> tanhBackward(n, v, vo, dy, dyo, dx, dxo);
      case EXP -> kernels.multiply(n, v, vo, dy, dyo, dx, dxo);
      case LOG -> kernels.divide(n, dy, dyo, v, vo, dx, dxo);
      case SQRT -> sqrtBackward(n, v, vo, dy, dyo, dx, dxo);
      case SQUARE -> squareBackward(n, v, vo, dy, dyo, dx, dxo);
      case ABS -> absBackward(n, v, vo, dy, dyo, dx, dxo);
      case RELU6 -> kernels.rampBackward(n, 0, 1, v, vo, dy, dyo, dx, dxo);
      case HARD_SIGMOID -> kernels.rampBackward(n, -3, 1f / 6, v, vo, dy, dyo, dx, dxo);
      case HARD_SWISH -> kernels.hardSwishBackward(n, v, vo, dy, dyo, dx, dxo);
      case SILU -> kernels.siluBackward(n, v, vo, dy, dyo, dx, dxo);
      case ERF -> kernels.erfBackward(n, v, vo, dy, dyo, dx, dxo);
      case GELU -> kernels.geluBackward(n, v, vo, dy, dyo, dx, dxo);
      case GELU_TANH -> kernels.geluTanhBackward(n, v, vo, dy, dyo, dx, dxo);
      case SOFTPLUS -> kernels.softplusBackward(n, v, vo, dy, dyo, dx, dxo);
      case SOFTSIGN -> softsignBackward(n, v, vo, dy, dyo, dx, dxo);
      case MISH -> kernels.mishBackward(n, v, vo, dy, dyo, dx, dxo);
      case RECIPROCAL -> reciprocalBackward(n, v, vo, dy, dyo, dx, dxo);
    }
  }

  private static void sigmoidBackward(
      int n, float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      dx[dxo + i] = y[yo + i] * (1 - y[yo + i]) * dy[dyo + i];
    }
  }

  private static void tanhBackward(
      int n, float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      dx[dxo + i] = (1 - y[yo + i] * y[yo + i]) * dy[dyo + i];
    }
  }

  private static void sqrtBackward(
      int n, float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      dx[dxo + i] = dy[dyo + i] / (2 * y[yo + i]);
    }
  }

  private static void squareBackward(
      int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      dx[dxo + i] = 2 * x[xo + i] * dy[dyo + i];
    }
  }

  private static void absBackward(
      int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      dx[dxo + i] = Math.signum(x[xo + i]) * dy[dyo + i];
    }
  }

  private static void softsignBackward(
      int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      float size = 1 + Math.abs(x[xo + i]);
      dx[dxo + i] = dy[dyo + i] / (size * size);
    }
  }

  private static void reciprocalBackward(
      int n, float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo) {
    for (int i = 0; i < n; i++) {
      dx[dxo + i] = -y[yo + i] * y[yo + i] * dy[dyo + i];
    }
  }

  void leakyRelu(int length, double slope, CpuStorage x, CpuStorage y) {
    split(
        length,
        (from, n) ->
            kernels.leakyRelu(
                n, (float) slope, x.array, x.offset + from, y.array, y.offset + from));
  }

  public void leakyReluBackward(
      int length, double slope, CpuStorage x, CpuStorage dy, CpuStorage dx) {
    split(
        length,
        (from, n) ->
            kernels.leakyReluBackward(
                n,
                (float) slope,
                x.array,
                x.offset + from,
                dy.array,
                dy.offset + from,
                dx.array,
                dx.offset + from));
  }

  void elu(int length, double scale, double alpha, double rate, CpuStorage x, CpuStorage y) {
    split(
        length,
        (from, n) ->
            kernels.elu(
                n,
                (float) scale,
                (float) alpha,
                (float) rate,
                x.array,
                x.offset + from,
                y.array,
                y.offset + from));
  }

  public void eluBackward(
      int length,
      double scale,
      double alpha,
      double rate,
      CpuStorage x,
      CpuStorage dy,
      CpuStorage dx) {
    split(
        length,
        (from, n) ->
            kernels.eluBackward(
                n,
                (float) scale,
                (float) (alpha * rate),
                (float) rate,
                x.array,
                x.offset + from,
                dy.array,
                dy.offset + from,
                dx.array,
                dx.offset + from));
  }

  // ---------------------------------------------------------------- random numbers

  public void dropoutMask(int length, long key, double keep, CpuStorage out) {
    split(length, (from, n) -> dropoutMask(n, key, from, keep, out.array, out.offset + from));
  }

  /** The comparison of {@link SplitMix64#uniform} with keep, as integers and without a branch. */
  private static void dropoutMask(int n, long key, int first, double keep, float[] out, int oo) {
    long limit = (long) Math.ceil(keep * 0x1p53);
    int kept = Float.floatToRawIntBits((float) (1 / keep));
    for (int i = 0; i < n; i++) {
      long random = SplitMix64.mix64(key + (first + i + 1L) * SplitMix64.GOLDEN) >>> 11;
      out[oo + i] = Float.intBitsToFloat((int) ((random - limit) >> 63) & kept);
    }
  }

  // ---------------------------------------------------------------- optimisers

  public void sgd(
      SgdStep step,
      int length,
      CpuStorage weight,
      CpuStorage gradient,
      @Nullable CpuStorage velocity) {
    float lr = (float) step.lr();
    float momentum = (float) step.momentum();
    float decay = (float) step.weightDecay();
    float[] w = weight.array;
    float[] g = gradient.array;
    int wo = weight.offset;
    int go = gradient.offset;
    if (velocity == null) {
      split(length, (from, n) -> kernels.sgd(n, lr, decay, w, wo + from, g, go + from));
      return;
    }
    float[] v = velocity.array;
    int vo = velocity.offset;
    split(
        length,
        step.nesterov()
            ? (from, n) ->
                kernels.nesterov(n, lr, momentum, decay, w, wo + from, g, go + from, v, vo + from)
            : (from, n) ->
                kernels.momentum(n, lr, momentum, decay, w, wo + from, g, go + from, v, vo + from));
  }

  public void adam(
      AdamStep step,
      int length,
      CpuStorage weight,
      CpuStorage gradient,
      CpuStorage m,
      CpuStorage v) {
    double correction1 = 1 - StrictMath.pow(step.beta1(), step.step());
    double correction2 = 1 - StrictMath.pow(step.beta2(), step.step());
    ElementKernels.AdamFactors factors =
        new ElementKernels.AdamFactors(
            (float) step.beta1(),
            (float) (1 - step.beta1()),
            (float) step.beta2(),
            (float) (1 - step.beta2()),
            (float) (step.lr() / correction1),
            (float) (1 / Math.sqrt(correction2)),
            (float) step.eps(),
            step.decoupled() ? 0 : (float) step.weightDecay(),
            step.decoupled() ? (float) (step.lr() * step.weightDecay()) : 0);
    split(
        length,
        (from, n) ->
            kernels.adam(
                n,
                factors,
                weight.array,
                weight.offset + from,
                gradient.array,
                gradient.offset + from,
                m.array,
                m.offset + from,
                v.array,
                v.offset + from));
  }
}
