package dev.thumbnet.engine.backend.problem;

/**
 * A matrix product C = op(A) · op(B), all row-major and dense: C is (m, n), op(A) is (m, k), op(B)
 * is (k, n). With {@code transA} the array holds A as (k, m), with {@code transB} B as (n, k).
 *
 * @param m rows of C
 * @param n columns of C
 * @param k length of the sums
 * @param transA whether A is stored transposed
 * @param transB whether B is stored transposed
 */
public record GemmProblem(int m, int n, int k, boolean transA, boolean transB) {
  /** Checks the extents. */
  public GemmProblem {
    if (m < 1 || n < 1 || k < 1) {
      throw new IllegalArgumentException(
          "matrix extents must be positive: m " + m + ", n " + n + ", k " + k);
    }
    Checks.size("A", m, k);
    Checks.size("B", k, n);
    Checks.size("C", m, n);
  }

  /** Returns the number of multiply-adds. */
  public long macs() {
    return (long) m * n * k;
  }
}
