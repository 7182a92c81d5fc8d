package dev.thumbnet.engine.backend.cpu.kernel;

/**
 * Loops of convolutions in which a result sums over one or a few input channels, so that lanes run
 * along the output channels of several groups. They work on <em>planes</em> of pixels of {@link
 * #width} lanes without gaps, in which each lane holds the input that its output channel sees.
 */
public interface GroupKernels {
  /** Returns the lanes of a plane. */
  int width();

  /**
   * Makes a row of a plane of channels that see themselves: to[toBase + m·width + j] = x[xBase +
   * m·xStep + j] for m below {@code count} and j below {@code valid}. Other lanes hold anything.
   */
  void copy(int count, int valid, float[] x, int xBase, int xStep, float[] to, int toBase);

  /**
   * Makes a row of a plane of groups whose channels all see the same member of their group:
   * to[toBase + m·width + j] = x[xBase + m·xStep + ⌊j / size⌋·size + member] for m below {@code
   * count} and j below {@code valid}. Other lanes hold anything.
   *
   * @param size channels of a group, a power of two from 2 up to half the width
   */
  void spread(
      int count,
      int valid,
      int size,
      int member,
      float[] x,
      int xBase,
      int xStep,
      float[] to,
      int toBase);

  /**
   * A row of results: y[yBase + m·yStep + j] = w[wBase + j] + Σᵣₛ x[xBase + rowsᵣ + (m·stride +
   * s·elementStep)·width + j] · w[wBase + (1 + r·elements + s)·width + j] for m below {@code count}
   * and j below width, r below the number of rows and s below {@code elements}. The products are
   * added one by one, in the order of r and s.
   */
  void multiply(
      int count,
      int stride,
      int[] rows,
      int elements,
      int elementStep,
      float[] x,
      int xBase,
      float[] w,
      int wBase,
      float[] y,
      int yBase,
      int yStep);

  /**
   * What a row of results adds to the gradient of the weights: sums[(r·elements + s)·width + j] +=
   * Σₘ x[xBase + rowsᵣ + (m·stride + s·elementStep)·width + j] · dy[dyBase + m·width + j] for r
   * below the number of rows, s below {@code elements} and j below width, m below {@code count}.
   * The order of the sum is fixed.
   */
  void addGradient(
      int count,
      int stride,
      int[] rows,
      int elements,
      int elementStep,
      float[] x,
      int xBase,
      float[] dy,
      int dyBase,
      float[] sums);
}
