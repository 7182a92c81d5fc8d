package dev.thumbnet.engine.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.CudaPrecision;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.cuda.driver.FakeCall;
import dev.thumbnet.engine.backend.cuda.driver.FakeCuda;
import dev.thumbnet.engine.backend.cuda.driver.FakeCudnn;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.reference.ReferenceBackend;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/**
 * A CUDA device on a machine without one. It can compute: kernels compiled for the host, and a
 * cuDNN and a cuBLAS that do with plain loops what their documentation says, from the descriptors
 * and arguments that they get.
 */
public final class HostCuda implements AutoCloseable {
  /** How much cuDNN can do. */
  public enum Support {
    /** All that is asked for. */
    FULL,
    /** No convolution with bias and activation. */
    UNFUSED,
    /** No convolution. */
    NONE
  }

  private static final String MISSING = "needs g++, to run the kernels on the host";

  private final FakeCuda cuda = new FakeCuda();
  private final Map<Long, Integer> groups = new ConcurrentHashMap<>();
  private final CudaBackend backend;

  private HostCuda(CudaPrecision precision) {
    backend = new CudaBackend(cuda.runtime(), precision);
  }

  /** Returns a device that accepts everything and computes nothing. */
  public static HostCuda idle(CudaPrecision precision) {
    return new HostCuda(precision);
  }

  /** Skips properties, where an assumption would only reject the numbers tried. */
  public static final class Needed implements SkipExecutionHook {
    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
      return HostKernels.available() ? SkipResult.doNotSkip() : SkipResult.skip(MISSING);
    }
  }

  /** Returns a device that computes; the test is skipped where there is no compiler. */
  public static HostCuda of(CudaPrecision precision, Support support) {
    assumeTrue(HostKernels.available(), MISSING);
    HostCuda host = new HostCuda(precision);
    HostKernels.get().giveMeaningTo(host.cuda.driver);
    host.products();
    if (support == Support.NONE) {
      host.refuseConvolutions();
    } else {
      host.convolutions(support == Support.FULL);
    }
    return host;
  }

  /** Returns the backend. */
  public CudaBackend backend() {
    return backend;
  }

  FakeCuda cuda() {
    return cuda;
  }

  /** Closes the backend and checks that nothing is left. */
  @Override
  public void close() {
    backend.close();
    cuda.close();
  }

  // ---------------------------------------------------------------- memory

  private double[] read(long pointer, int length, boolean bf16) {
    MemorySegment memory = cuda.driver.device(pointer, (long) length * (bf16 ? 2 : 4));
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] =
          bf16
              ? Float.intBitsToFloat(memory.getAtIndex(JAVA_SHORT, i) << 16)
              : memory.getAtIndex(JAVA_FLOAT, i);
    }
    return values;
  }

  private void write(long pointer, double[] values, boolean bf16) {
    MemorySegment memory = cuda.driver.device(pointer, (long) values.length * (bf16 ? 2 : 4));
    for (int i = 0; i < values.length; i++) {
      float value = (float) values[i];
      if (bf16) {
        memory.setAtIndex(JAVA_SHORT, i, (short) (roundedToBf16(value) >>> 16));
      } else {
        memory.setAtIndex(JAVA_FLOAT, i, value);
      }
    }
  }

  private static int roundedToBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.isNaN(value) ? bits | 0x400000 : bits + 0x7fff + (bits >>> 16 & 1);
  }

  // ---------------------------------------------------------------- cuBLAS

  private void products() {
    cuda.cublas.on(
        "cublasSgemm_v2",
        call -> {
          int m = call.intAt(3);
          int n = call.intAt(4);
          int k = call.intAt(5);
          boolean transA = call.intAt(1) == 1;
          boolean transB = call.intAt(2) == 1;
          require(call.floatBehind(6) == 1 && call.floatBehind(11) == 0);
          require(call.intAt(8) == (transA ? k : m) && call.intAt(10) == (transB ? n : k));
          multiply(m, n, k, transA, transB, call.longAt(7), call.longAt(9), call.longAt(12), false);
          return call.intAt(13) == m ? 0 : 7;
        });
    cuda.cublas.on(
        "cublasGemmEx",
        call -> {
          int m = call.intAt(3);
          int n = call.intAt(4);
          int k = call.intAt(5);
          boolean transA = call.intAt(1) == 1;
          boolean transB = call.intAt(2) == 1;
          require(call.floatBehind(6) == 1 && call.floatBehind(13) == 0);
          require(call.intAt(8) == 14 && call.intAt(11) == 14 && call.intAt(15) == 0);
          require(call.intAt(9) == (transA ? k : m) && call.intAt(12) == (transB ? n : k));
          require(call.intAt(17) == 68 && call.intAt(18) == -1);
          multiply(m, n, k, transA, transB, call.longAt(7), call.longAt(10), call.longAt(14), true);
          return call.intAt(16) == m ? 0 : 7;
        });
  }

  private void multiply(
      int m, int n, int k, boolean transA, boolean transB, long a, long b, long c, boolean bf16) {
    cuda.driver.queue(
        () -> {
          double[] left = read(a, m * k, bf16);
          double[] right = read(b, k * n, bf16);
          double[] product = new double[m * n];
          for (int j = 0; j < n; j++) {
            for (int i = 0; i < m; i++) {
              double sum = 0;
              for (int l = 0; l < k; l++) {
                sum += left[transA ? i * k + l : l * m + i] * right[transB ? l * n + j : j * k + l];
              }
              product[j * m + i] = sum;
            }
          }
          write(c, product, false);
        });
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new AssertionError("unexpected arguments");
    }
  }

  // ---------------------------------------------------------------- cuDNN

  private void refuseConvolutions() {
    for (String direction : List.of("Forward", "BackwardData", "BackwardFilter")) {
      cuda.cudnn.on(
          "cudnnGetConvolution" + direction + "Algorithm_v7", call -> FakeCudnn.NOT_SUPPORTED);
    }
  }

  private void convolutions(boolean fused) {
    cuda.cudnn.on(
        "cudnnSetConvolutionGroupCount",
        call -> {
          groups.put(call.longAt(0), call.intAt(1));
          return 0;
        });
    cuda.cudnn.on(
        "cudnnConvolutionForward",
        call -> {
          Convolution c = new Convolution(call.longAt(2), call.longAt(4), call.longAt(6));
          c.checkOutput(call.longAt(11));
          c.check(call);
          return c.queue(call.longAt(12), () -> c.forward(call.longAt(3), call.longAt(5)));
        });
    cuda.cudnn.on(
        "cudnnConvolutionBackwardData",
        call -> {
          Convolution c = new Convolution(call.longAt(11), call.longAt(2), call.longAt(6));
          c.checkOutput(call.longAt(4));
          c.check(call);
          return c.queue(call.longAt(12), () -> c.backwardData(call.longAt(5), call.longAt(3)));
        });
    cuda.cudnn.on(
        "cudnnConvolutionBackwardFilter",
        call -> {
          Convolution c = new Convolution(call.longAt(2), call.longAt(11), call.longAt(6));
          c.checkOutput(call.longAt(4));
          c.check(call);
          return c.queue(call.longAt(12), () -> c.backwardFilter(call.longAt(3), call.longAt(5)));
        });
    cuda.cudnn.on(
        "cudnnConvolutionBiasActivationForward",
        call -> fused ? convolutionWithAll(call) : FakeCudnn.NOT_SUPPORTED);
  }

  private int convolutionWithAll(FakeCall call) {
    Convolution c = new Convolution(call.longAt(2), call.longAt(4), call.longAt(6));
    c.checkOutput(call.longAt(11));
    c.checkOutput(call.longAt(16));
    c.checkWorkspace(call);
    require(call.floatBehind(1) == 1 && call.intAt(7) == FakeCudnn.ALGORITHM);
    double alpha = call.floatBehind(10);
    boolean relu = (Integer) cuda.cudnn.contents(call.longAt(15)).getFirst() == 1;
    return c.queue(
        call.longAt(17),
        () -> {
          double[] y = c.forward(call.longAt(3), call.longAt(5));
          double[] bias = read(call.longAt(14), c.problem.k(), c.bf16);
          double[] z = alpha == 0 ? new double[y.length] : read(call.longAt(12), y.length, c.bf16);
          for (int i = 0; i < y.length; i++) {
            y[i] += bias[i % bias.length] + alpha * z[i];
            y[i] = relu ? Math.max(y[i], 0) : y[i];
          }
          return y;
        });
  }

  /** A convolution as cuDNN is told of it, computed by the reference. */
  private final class Convolution {
    final Conv2dProblem problem;
    final boolean bf16;

    Convolution(long xDesc, long filterDesc, long convDesc) {
      List<Object> x = cuda.cudnn.contents(xDesc); // format type n c h w
      List<Object> w = cuda.cudnn.contents(filterDesc); // type format k c h w
      List<Object> c = cuda.cudnn.contents(convDesc); // pads, strides, dilations, mode, type
      require(at(x, 0) == 1 && at(w, 1) == 1 && at(x, 1) == at(w, 0));
      require(at(c, 6) == 1 && at(c, 7) == 0);
      bf16 = at(x, 1) == 9;
      int count = groups.getOrDefault(convDesc, 1);
      require(at(w, 3) * count == at(x, 3));
      problem =
          new Conv2dProblem(
              at(x, 2), at(x, 4), at(x, 5), at(x, 3), at(w, 2), at(w, 4), at(w, 5), at(c, 2),
              at(c, 3), at(c, 0), at(c, 1), at(c, 4), at(c, 5), count);
    }

    private static int at(List<Object> values, int index) {
      return (Integer) values.get(index);
    }

    void checkOutput(long yDesc) {
      List<Object> y = cuda.cudnn.contents(yDesc);
      require(at(y, 0) == 1 && at(y, 1) == (bf16 ? 9 : 0));
      require(at(y, 2) == problem.n() && at(y, 3) == problem.k());
      require(at(y, 4) == problem.outH() && at(y, 5) == problem.outW());
    }

    /** Checks what is common to the three directions. */
    void check(FakeCall call) {
      checkWorkspace(call);
      require(call.floatBehind(1) == 1 && call.floatBehind(10) == 0);
      require(call.intAt(7) == FakeCudnn.ALGORITHM);
    }

    void checkWorkspace(FakeCall call) {
      require(call.longAt(9) == FakeCudnn.WORKSPACE);
      cuda.driver.queue(
          () -> cuda.driver.device(call.longAt(8), FakeCudnn.WORKSPACE).fill((byte) -1));
    }

    /** Queues what computes the result. */
    int queue(long result, Supplier<double[]> computation) {
      cuda.driver.queue(() -> write(result, computation.get(), bf16));
      return 0;
    }

    /** From (k, kh, kw, c) to (kh, kw, c, k), and back. */
    private double[] transposed(double[] matrix, int rows) {
      int columns = matrix.length / rows;
      double[] result = new double[matrix.length];
      for (int i = 0; i < matrix.length; i++) {
        result[i % columns * rows + i / columns] = matrix[i];
      }
      return result;
    }

    private interface Call {
      void run(Backend reference, Storage a, Storage b, Storage result);
    }

    private double[] compute(double[] a, double[] b, int length, Call call) {
      try (Backend reference = new ReferenceBackend()) {
        Storage left = reference.allocate(a.length);
        Storage right = reference.allocate(b.length);
        Storage to = reference.allocate(length);
        reference.upload(a, 0, left, 0, a.length);
        reference.upload(b, 0, right, 0, b.length);
        call.run(reference, left, right, to);
        double[] result = new double[length];
        reference.download(to, 0, result, 0, length);
        return result;
      }
    }

    private double[] weight(long w) {
      return transposed(read(w, problem.weightSize(), bf16), problem.k());
    }

    double[] forward(long x, long w) {
      return compute(
          read(x, problem.inputSize(), bf16),
          weight(w),
          problem.outputSize(),
          (reference, a, b, y) -> reference.conv2d(problem, a, b, null, y));
    }

    double[] backwardData(long dy, long w) {
      return compute(
          read(dy, problem.outputSize(), bf16),
          weight(w),
          problem.inputSize(),
          (reference, a, b, dx) -> reference.conv2dBackwardData(problem, a, b, dx));
    }

    double[] backwardFilter(long x, long dy) {
      double[] gradient =
          compute(
              read(x, problem.inputSize(), bf16),
              read(dy, problem.outputSize(), bf16),
              problem.weightSize(),
              (reference, a, b, dw) -> reference.conv2dBackwardWeights(problem, a, b, dw));
      return transposed(gradient, problem.weightSize() / problem.k());
    }
  }
}
