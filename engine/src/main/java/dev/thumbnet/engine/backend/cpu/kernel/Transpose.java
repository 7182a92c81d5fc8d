package dev.thumbnet.engine.backend.cpu.kernel;

/**
 * Transposes matrices without vectors, four rows at a time: each step loads one number of each and
 * stores the four side by side. Blocks keep both the lines read and the lines written in L1.
 */
public final class Transpose {
  private static final int BLOCK = 64;

  private Transpose() {}

  /** b[bBase + j·bStep + i] = a[aBase + i·aStep + j] for each i below rows and j below cols. */
  public static void run(
      int rows, int cols, float[] a, int aBase, int aStep, float[] b, int bBase, int bStep) {
    for (int j = 0; j < cols; j += BLOCK) {
      int count = Math.min(BLOCK, cols - j);
      int from = aBase + j;
      int to = bBase + j * bStep;
      int i = 0;
      for (; i + 4 <= rows; i += 4) {
        fourRows(count, a, from + i * aStep, aStep, b, to + i, bStep);
      }
      for (; i < rows; i++) {
        oneRow(count, a, from + i * aStep, b, to + i, bStep);
      }
    }
  }

  private static void fourRows(
      int cols, float[] a, int aBase, int aStep, float[] b, int bBase, int bStep) {
    int a1 = aBase + aStep;
    int a2 = a1 + aStep;
    int a3 = a2 + aStep;
    int to = bBase;
    for (int j = 0; j < cols; j++) {
      b[to] = a[aBase + j];
      b[to + 1] = a[a1 + j];
      b[to + 2] = a[a2 + j];
      b[to + 3] = a[a3 + j];
      to += bStep;
    }
  }

  private static void oneRow(int cols, float[] a, int aBase, float[] b, int bBase, int bStep) {
    int to = bBase;
    for (int j = 0; j < cols; j++) {
      b[to] = a[aBase + j];
      to += bStep;
    }
  }
}
