package dev.thumbnet.engine.backend.cuda;

import static dev.thumbnet.engine.backend.cuda.CudaQueue.real;
import static dev.thumbnet.engine.backend.cuda.ElementType.BF16;
import static dev.thumbnet.engine.backend.cuda.ElementType.F32;

import dev.thumbnet.engine.backend.CudaPrecision;
import dev.thumbnet.engine.backend.cuda.driver.Cublas;
import dev.thumbnet.engine.backend.cuda.driver.CudaRuntime;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import org.jspecify.annotations.Nullable;

/** Matrix products by cuBLAS. Results are F32. */
final class CudaProducts {
  private final CudaQueue queue;
  private final CudaRuntime runtime;
  private final ElementType type;
  private final int arithmetic;

  CudaProducts(CudaQueue queue, CudaPrecision precision) {
    this.queue = queue;
    this.runtime = queue.runtime();
    type = precision == CudaPrecision.BF16 ? BF16 : F32;
    arithmetic = precision == CudaPrecision.TF32 ? Cublas.TF32_TENSOR_OP_MATH : Cublas.DEFAULT_MATH;
  }

  void multiply(
      GemmProblem p, CudaStorage a, CudaStorage b, @Nullable CudaStorage bias, CudaStorage c) {
    long left = queue.read(a, p.m() * p.k(), type);
    long right = queue.read(b, p.k() * p.n(), type);
    long added = bias == null ? 0 : queue.read(bias, p.n(), F32);
    long product = queue.write(c, F32);
    multiply(p, left, right, product);
    if (bias != null) {
      int n = p.m() * p.n();
      queue.launchPacks("broadcast_add", F32, n, n, n, p.n(), product, real(1), added, product);
    }
  }

  void multiply(int batch, GemmProblem p, CudaStorage a, CudaStorage b, CudaStorage c) {
    long left = queue.read(a, batch * p.m() * p.k(), type);
    long right = queue.read(b, batch * p.k() * p.n(), type);
    long product = queue.write(c, F32);
    for (long i = 0; i < batch; i++) {
      long from = left + i * p.m() * p.k() * type.bytes();
      long with = right + i * p.k() * p.n() * type.bytes();
      multiply(p, from, with, product + i * p.m() * p.n() * F32.bytes());
    }
  }

  /** cuBLAS sees the transposed of each matrix and so multiplies in the other order. */
  private void multiply(GemmProblem p, long a, long b, long c) {
    Cublas cublas = runtime.cublas();
    long handle = runtime.cublasHandle();
    int opB = p.transB() ? Cublas.OP_T : Cublas.OP_N;
    int opA = p.transA() ? Cublas.OP_T : Cublas.OP_N;
    int ldb = p.transB() ? p.k() : p.n();
    int lda = p.transA() ? p.m() : p.k();
    if (type == F32) {
      cublas.setMathMode(handle, arithmetic);
      cublas.sgemm(handle, opB, opA, p.n(), p.m(), p.k(), 1, b, ldb, a, lda, 0, c, p.n());
      return;
    }
    cublas.gemmEx(
        handle,
        opB,
        opA,
        p.n(),
        p.m(),
        p.k(),
        1,
        b,
        Cublas.R_16BF,
        ldb,
        a,
        Cublas.R_16BF,
        lda,
        0,
        c,
        Cublas.R_32F,
        p.n(),
        Cublas.COMPUTE_32F,
        Cublas.GEMM_DEFAULT);
  }
}
