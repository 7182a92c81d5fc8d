package dev.thumbnet.engine.backend.cpu;

/**
 * Loops over contiguous runs of {@code n} elements that C2 does not vectorise by itself, because
 * they choose between two values. Arithmetic without a choice needs no kernel: C2 turns a plain
 * loop into vectors (see {@link Elementwise}). Each output may be one of the inputs.
 */
public interface ElementKernels {
  /** y = max(x, 0); NaN stays NaN. */
  void relu(int n, float[] x, int xo, float[] y, int yo);

  /** out = max(a + b, 0); NaN stays NaN. */
  void addRelu(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo);

  /** dx = dy where y &gt; 0, else 0. */
  void reluBackward(int n, float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo);

  /** y = x where x &gt; 0, else slope·x. */
  void leakyRelu(int n, float slope, float[] x, int xo, float[] y, int yo);

  /** dx = dy where x &gt; 0, else slope·dy. */
  void leakyReluBackward(
      int n, float slope, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo);
}
