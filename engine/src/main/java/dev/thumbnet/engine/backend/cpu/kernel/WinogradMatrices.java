package dev.thumbnet.engine.backend.cpu.kernel;

/**
 * The matrices of Winograd's minimal filtering F(m, 3), by the construction of Toom and Cook: m
 * outputs of a filter g with three taps over m + 2 inputs d are A [(G g) ⊙ (B d)], with one
 * multiplication for each input instead of 3 m. Two nested ones make F(m x m, 3x3).
 *
 * <p>They come from infinity and m + 1 points aᵢ: row i of B holds the coefficients of Πⱼ≠ᵢ (x −
 * aⱼ), the first one, for infinity, those of Π (x − aⱼ); row i of G is (1, aᵢ, aᵢ²) / Πⱼ≠ᵢ (aᵢ −
 * aⱼ), the first one (0, 0, 1); column i of A is (1, aᵢ, …, aᵢᵐ⁻¹), the first one (0, …, 0, 1).
 *
 * <p><b>Stride 2.</b> The taps 0 and 2 see only even inputs, the middle tap only odd ones. The
 * former are a filter F(m, 2), the latter are m products, and together 2m + 1 multiplications, one
 * for each input again, instead of 3 m. Elements of both alternate, infinity first.
 *
 * <p>The matrices for fewer outputs, {@link #trimmed}, leave out the last points. What G divides by
 * then goes to B, so that <em>the transformed weights are the first ones of those for m
 * outputs</em>: tiles of several sizes share them.
 *
 * @param stride distance of the inputs of two outputs, 1 or 2
 * @param points the points aᵢ that {@code weights} are made for, of which the first ones are used
 * @param input B, (stride·m + 3 − stride)²
 * @param weights G, (stride·m + 3 − stride) x 3
 * @param output A, m x (stride·m + 3 − stride)
 */
public record WinogradMatrices(
    int stride, double[] points, double[][] input, double[][] weights, double[][] output) {
  /** F(2, 3) with the points 0, 1, −1. */
  public static WinogradMatrices two() {
    return of(1, 2, 0, 1, -1);
  }

  /**
   * F(4, 3) with the points 0, ±√½, ±√2. Most texts take 0, ±1, ±2; with these, whose products in
   * pairs are 1, the numbers in the matrices are closer together and the error is a quarter.
   */
  public static WinogradMatrices four() {
    return of(1, 4, 0, Math.sqrt(0.5), -Math.sqrt(0.5), Math.sqrt(2), -Math.sqrt(2));
  }

  /** Four outputs with stride 2 and the points 0, ±√½, √2. */
  public static WinogradMatrices fourStrided() {
    return of(2, 4, 0, Math.sqrt(0.5), -Math.sqrt(0.5), Math.sqrt(2));
  }

  /** Returns the matrices for fewer outputs, at least one. */
  public WinogradMatrices trimmed(int outputs) {
    return of(stride, outputs, points);
  }

  /** Returns the number of outputs, m. */
  public int outputs() {
    return output.length;
  }

  /** Returns the number of inputs, which is the number of multiplications. */
  public int size() {
    return input.length;
  }

  private static WinogradMatrices of(int stride, int outputs, double... points) {
    WinogradMatrices dense = dense(outputs, stride == 1 ? 3 : 2, points);
    return stride == 1 ? dense : alternating(dense);
  }

  /** Returns the matrices of F(outputs, taps). */
  private static WinogradMatrices dense(int outputs, int taps, double[] points) {
    int used = outputs + taps - 2;
    int size = used + 1;
    double[][] input = new double[size][];
    double[][] weights = new double[size][taps];
    double[][] output = new double[outputs][size];
    input[0] = product(points, used, -1, 1);
    weights[0][taps - 1] = 1;
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
      for (int j = 0; j < Math.max(taps, outputs); j++) {
        if (j < taps) {
          weights[i + 1][j] = power / norm;
        }
        if (j < outputs) {
          output[j][i + 1] = power;
        }
        power *= points[i];
      }
    }
    return new WinogradMatrices(1, points, input, weights, output);
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

  /** Returns the matrices for stride 2, of F(m, 2) for the even inputs. */
  private static WinogradMatrices alternating(WinogradMatrices even) {
    int outputs = even.outputs();
    int size = 2 * outputs + 1;
    double[][] input = new double[size][size];
    double[][] weights = new double[size][3];
    double[][] output = new double[outputs][size];
    for (int i = 0; i < even.size(); i++) {
      int at = Math.max(0, 2 * i - 1);
      for (int j = 0; j < even.size(); j++) {
        input[at][2 * j] = even.input[i][j];
      }
      weights[at][0] = even.weights[i][0];
      weights[at][2] = even.weights[i][1];
      for (int j = 0; j < outputs; j++) {
        output[j][at] = even.output[j][i];
      }
    }
    for (int j = 0; j < outputs; j++) {
      input[2 * j + 2][2 * j + 1] = 1;
      weights[2 * j + 2][1] = 1;
      output[j][2 * j + 2] = 1;
    }
    return new WinogradMatrices(2, even.points, input, weights, output);
  }
}
