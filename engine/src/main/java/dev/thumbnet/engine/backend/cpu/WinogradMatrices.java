package dev.thumbnet.engine.backend.cpu;

/**
 * The matrices of Winograd's minimal filtering F(m, 3), by the construction of Toom and Cook: m
 * outputs of a filter g with three taps over m + 2 inputs d are A [(G g) ⊙ (B d)], with one
 * multiplication for each input instead of 3 m. Two nested ones make F(m x m, 3x3).
 *
 * <p>They come from m + 1 points aᵢ and infinity: row i of B holds the coefficients of Πⱼ≠ᵢ (x −
 * aⱼ), the last one those of Π (x − aⱼ); row i of G is (1, aᵢ, aᵢ²) / Πⱼ≠ᵢ (aᵢ − aⱼ), the last one
 * (0, 0, 1); column i of A is (1, aᵢ, …, aᵢᵐ⁻¹), the last one (0, …, 0, 1).
 *
 * @param input B, (m + 2) x (m + 2)
 * @param weights G, (m + 2) x 3
 * @param output A, m x (m + 2)
 */
public record WinogradMatrices(double[][] input, double[][] weights, double[][] output) {
  /** F(2, 3) with the points 0, 1, −1. */
  public static WinogradMatrices two() {
    return ofPoints(0, 1, -1);
  }

  /**
   * F(4, 3) with the points 0, ±√½, ±√2. Most texts take 0, ±1, ±2; with these, whose products in
   * pairs are 1, the numbers in the matrices are closer together and the error is a quarter.
   */
  public static WinogradMatrices four() {
    return ofPoints(0, Math.sqrt(0.5), -Math.sqrt(0.5), Math.sqrt(2), -Math.sqrt(2));
  }

  /** Returns the number of outputs, m. */
  public int outputs() {
    return output.length;
  }

  /** Returns the number of inputs, m + 2. */
  public int size() {
    return input.length;
  }

  private static WinogradMatrices ofPoints(double... points) {
    int finite = points.length;
    int size = finite + 1;
    int outputs = size - 2;
    double[][] input = new double[size][size];
    double[][] weights = new double[size][3];
    double[][] output = new double[outputs][size];
    for (int i = 0; i < finite; i++) {
      input[i] = product(points, i, size);
      double norm = 1;
      for (int j = 0; j < finite; j++) {
        norm *= j == i ? 1 : points[i] - points[j];
      }
      double power = 1;
      for (int j = 0; j < Math.max(3, outputs); j++) {
        if (j < 3) {
          weights[i][j] = power / norm;
        }
        if (j < outputs) {
          output[j][i] = power;
        }
        power *= points[i];
      }
    }
    input[finite] = product(points, -1, size);
    weights[finite][2] = 1;
    output[outputs - 1][finite] = 1;
    return new WinogradMatrices(input, weights, output);
  }

  /** Returns the coefficients of the product of all (x − point) but one, the constant first. */
  private static double[] product(double[] points, int without, int size) {
    double[] c = new double[size];
    c[0] = 1;
    for (int j = 0; j < points.length; j++) {
      if (j == without) {
        continue;
      }
      for (int d = size - 1; d >= 0; d--) {
        c[d] = (d == 0 ? 0 : c[d - 1]) - points[j] * c[d];
      }
    }
    return c;
  }
}
