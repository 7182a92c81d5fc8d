package dev.thumbnet.engine.backend.cuda.driver;

import dev.thumbnet.engine.backend.DeviceException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/**
 * Matrix products by cuBLAS. Each method is one function, named like it without "cublas", with the
 * arguments in their order; a status other than success is a {@link DeviceException}.
 *
 * <p>Matrices are column-major: a row-major C = A·B is asked for as Cᵀ = Bᵀ·Aᵀ, that is with the
 * operands, m and n exchanged.
 */
public final class Cublas {
  // The values of C's enums, by their names there without the prefix.

  /** Operand as it is. */
  public static final int OP_N = 0;

  /** Operand transposed. */
  public static final int OP_T = 1;

  /** Arithmetic: f32 stays f32. */
  public static final int DEFAULT_MATH = 0;

  /** Arithmetic: f32 is rounded to TF32 and multiplied by tensor cores. */
  public static final int TF32_TENSOR_OP_MATH = 3;

  /** Type of elements (cudaDataType): 32-bit floats. */
  public static final int R_32F = 0;

  /** Type of elements (cudaDataType): bfloat16. */
  public static final int R_16BF = 14;

  /** Sums in f32. */
  public static final int COMPUTE_32F = 68;

  /** The algorithm is the library's choice, by rule. */
  public static final int GEMM_DEFAULT = -1;

  private final NativeLibrary library;

  /**
   * @throws DeviceException if a function is missing
   */
  public Cublas(SymbolLookup symbols) {
    library = new NativeLibrary("cuBLAS", symbols, NativeFunctions.CUBLAS, this::explain);
  }

  /** Makes a handle for the device whose context is current. */
  long create() {
    return library.longFrom("cublasCreate_v2", (f, out) -> (int) f.invokeExact(out));
  }

  void destroy(long handle) {
    library.run("cublasDestroy_v2", f -> (int) f.invokeExact(handle));
  }

  /** Returns 10000 · major + 100 · minor + patch. */
  int getVersion(long handle) {
    return library.intFrom("cublasGetVersion_v2", (f, out) -> (int) f.invokeExact(handle, out));
  }

  /** Sets the stream, and with it the library's own workspace. */
  void setStream(long handle, long stream) {
    library.run("cublasSetStream_v2", f -> (int) f.invokeExact(handle, stream));
  }

  /** Fixes the workspace, without which graphs cannot be captured nor sums be repeated exactly. */
  void setWorkspace(long handle, long workspace, long bytes) {
    library.run("cublasSetWorkspace_v2", f -> (int) f.invokeExact(handle, workspace, bytes));
  }

  public void setMathMode(long handle, int mode) {
    library.run("cublasSetMathMode", f -> (int) f.invokeExact(handle, mode));
  }

  /** C = alpha · op(A)·op(B) + beta · C in f32. */
  public void sgemm(
      long handle,
      int transA,
      int transB,
      int m,
      int n,
      int k,
      float alpha,
      long a,
      int lda,
      long b,
      int ldb,
      float beta,
      long c,
      int ldc) {
    MemorySegment alphaAt = NativeLibrary.scalar(alpha);
    MemorySegment betaAt = NativeLibrary.scalar(beta);
    library.run(
        "cublasSgemm_v2",
        f ->
            (int)
                f.invokeExact(
                    handle, transA, transB, m, n, k, alphaAt, a, lda, b, ldb, betaAt, c, ldc));
  }

  /** C = alpha · op(A)·op(B) + beta · C with any types; alpha and beta are f32. */
  public void gemmEx(
      long handle,
      int transA,
      int transB,
      int m,
      int n,
      int k,
      float alpha,
      long a,
      int typeA,
      int lda,
      long b,
      int typeB,
      int ldb,
      float beta,
      long c,
      int typeC,
      int ldc,
      int computeType,
      int algo) {
    MemorySegment alphaAt = NativeLibrary.scalar(alpha);
    MemorySegment betaAt = NativeLibrary.scalar(beta);
    library.run(
        "cublasGemmEx",
        f ->
            (int)
                f.invokeExact(
                    handle,
                    transA,
                    transB,
                    m,
                    n,
                    k,
                    alphaAt,
                    a,
                    typeA,
                    lda,
                    b,
                    typeB,
                    ldb,
                    betaAt,
                    c,
                    typeC,
                    ldc,
                    computeType,
                    algo));
  }

  private String explain(int status) {
    MemorySegment text =
        library.call("cublasGetStatusString", f -> (MemorySegment) f.invokeExact(status));
    return NativeLibrary.text(text) + " (" + status + ")";
  }
}
