package dev.thumbnet.engine.backend.cpu;

/**
 * The matrices of Winograd's minimal filtering F(m, 3), by the construction of Toom and Cook: m
 * outputs of a filter g with three taps over m + 2 inputs d are A [(G g) ⊙ (B d)], with one
 * multiplication for each input instead of 3 m. Two nested ones make F(m x m, 3x3).
 *
 * <p>They come from infinity and m + 1 points aᵢ: row i of B holds the coefficients of Πⱼ≠ᵢ (x −
 * aⱼ), the first one, for infinity, those of Π (x − aⱼ); row i of G is (1, aᵢ, aᵢ²) / Πⱼ≠ᵢ (aᵢ −
 * aⱼ), the first one (0, 0, 1); column i of A is (1, aᵢ, …, aᵢᵐ⁻¹), the first one (0, …, 0, 1).
 *
 * <p>The matrices for fewer outputs, {@link #trimmed}, leave out the last points. What G divides by
 * then goes to B, so that <em>the transformed weights are the first ones of those for m
 * outputs</em>: tiles of several sizes share them.
 *
 * @param points the points aᵢ that {@code weights} are made for, of which the first ones are used
 * @param input B, (m + 2) x (m + 2)
 * @param weights G, (m + 2) x 3
 * @param output A, m x (m + 2)
 */
public record WinogradMatrices(
    double[] points, double[][] input, double[][] weights, double[][] output) {
  /** F(2, 3) with the points 0, 1, −1. */
  public static WinogradMatrices two() {
    return of(2, 0, 1, -1);
  }

  /**
   * F(4, 3) with the points 0, ±√½, ±√2. Most texts take 0, ±1, ±2; with these, whose products in
   * pairs are 1, the numbers in the matrices are closer together and the error is a quarter.
   */
  public static WinogradMatrices four() {
    return of(4, 0, Math.sqrt(0.5), -Math.sqrt(0.5), Math.sqrt(2), -Math.sqrt(2));
  }

  /** Returns the matrices for fewer outputs, at least one. */
  public WinogradMatrices trimmed(int outputs) {
    return of(outputs, points);
  }

  /** Returns the number of outputs, m. */
  public int outputs() {
    return output.length;
  }

  /** Returns the number of inputs, m + 2. */
  public int size() {
    return input.length;
  }

  private static WinogradMatrices of(int outputs, double... points) {
    int size = outputs + 2;
    int used = outputs + 1;
    double[][] input = new double[size][];
    double[][] weights = new double[size][3];
    double[][] output = new double[outputs][size];
    input[0] = product(points, used, -1, 1);
    weights[0][2] = 1;
    output[outputs - 1][0] = 1;
    for (int i = 0; i < used; i++) {
      double norm = 1;
      double left = 1;
      for (int j = 0; j < points.length; j++) {
        double difference = j == i ? 1 : points[i] - points[j];
        norm *= difference;
        left *= j < used ? 1 : difference;
      }
      input[i + 1] = product(points, used, i, left);
      double power = 1;
      for (int j = 0; j < Math.max(3, outputs); j++) {
        if (j < 3) {
          weights[i + 1][j] = power / norm;
        }
        if (j < outputs) {
          output[j][i + 1] = power;
        }
        power *= points[i];
      }
    }
    return new WinogradMatrices(points, input, weights, output);
  }

  /**
   * Returns the coefficients of a factor times the product of the first (x − point) but one, the
   * constant first.
   */
  private static double[] product(double[] points, int used, int without, double factor) {
    double[] c = new double[used + 1];
    c[0] = factor;
    for (int j = 0; j < used; j++) {
      if (j == without) {
        continue;
      }
      for (int d = used; d >= 0; d--) {
        c[d] = (d == 0 ? 0 : c[d - 1]) - points[j] * c[d];
      }
    }
    return c;
  }
}
