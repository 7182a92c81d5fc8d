package dev.thumbnet.engine.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.thumbnet.engine.backend.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The functions of cuDNN 9 that convolutional networks need, of its older interface of fixed
 * functions. Each method is one function, named like it without "cudnn", with the arguments in
 * their order; what C returns through pointers is the result here. A status other than success is a
 * {@link DeviceException} with cuDNN's own words.
 *
 * <p>Handles, descriptors and addresses of the device are longs. {@code alpha} and {@code beta}
 * scale the result and what was there before; with beta = 0 that is not read. All work is queued in
 * the stream of the handle, and a handle must not be used by two threads at once.
 */
public final class Cudnn {
  // The values of C's enums, by their names there without the prefix.

  /** Type of elements: 32-bit floats. */
  public static final int DATA_FLOAT = 0;

  /** Type of elements: bfloat16. */
  public static final int DATA_BFLOAT16 = 9;

  /** Layout: rows of pixels, channels innermost; the weights then are KRSC. */
  public static final int TENSOR_NHWC = 1;

  /** Arithmetic: tensor cores as the type allows; f32 is rounded to TF32. */
  public static final int DEFAULT_MATH = 0;

  /** Arithmetic: tensor cores, for the types of 16 bits. */
  public static final int TENSOR_OP_MATH = 1;

  /** Arithmetic: f32 as it is. */
  public static final int FMA_MATH = 3;

  /** What networks call a convolution. */
  public static final int CROSS_CORRELATION = 1;

  /** The usual deterministic algorithm forwards. */
  public static final int CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM = 1;

  /** Activation: max(x, 0). */
  public static final int ACTIVATION_RELU = 1;

  /** Activation: none; only the fused convolution takes it. */
  public static final int ACTIVATION_IDENTITY = 5;

  /** Whether max(NaN, 0) is NaN. */
  public static final int PROPAGATE_NAN = 1;

  /** Statuses 3000 to 3999: the library has no kernel for this. */
  private static final int NOT_SUPPORTED = 3000;

  private static final int MAJOR_VERSION = 9;

  private static final int MESSAGE_BYTES = 1024;

  private final NativeLibrary library;

  /**
   * @throws DeviceException if a function is missing or the version is not 9
   */
  public Cudnn(SymbolLookup symbols) {
    library = new NativeLibrary("cuDNN", symbols, NativeFunctions.CUDNN, this::explain);
    long version = getVersion();
    if (version / 10_000 != MAJOR_VERSION) {
      throw new DeviceException(
          "cuDNN " + MAJOR_VERSION + " is needed, but found was version " + version);
    }
  }

  // ---------------------------------------------------------------- library and handle

  /** Returns 10000 · major + 100 · minor + patch. */
  long getVersion() {
    return library.call("cudnnGetVersion", f -> (long) f.invokeExact());
  }

  /** Makes a handle for the device whose context is current. */
  long create() {
    return library.longFrom("cudnnCreate", (f, out) -> (int) f.invokeExact(out));
  }

  void destroy(long handle) {
    library.run("cudnnDestroy", f -> (int) f.invokeExact(handle));
  }

  void setStream(long handle, long stream) {
    library.run("cudnnSetStream", f -> (int) f.invokeExact(handle, stream));
  }

  // ---------------------------------------------------------------- tensors and filters

  public long createTensorDescriptor() {
    return library.longFrom("cudnnCreateTensorDescriptor", (f, out) -> (int) f.invokeExact(out));
  }

  public void setTensor4dDescriptor(
      long tensorDesc, int format, int dataType, int n, int c, int h, int w) {
    library.run(
        "cudnnSetTensor4dDescriptor",
        f -> (int) f.invokeExact(tensorDesc, format, dataType, n, c, h, w));
  }

  public void destroyTensorDescriptor(long tensorDesc) {
    library.run("cudnnDestroyTensorDescriptor", f -> (int) f.invokeExact(tensorDesc));
  }

  public long createFilterDescriptor() {
    return library.longFrom("cudnnCreateFilterDescriptor", (f, out) -> (int) f.invokeExact(out));
  }

  /** Careful: unlike for tensors, the type of the elements comes before the layout. */
  public void setFilter4dDescriptor(
      long filterDesc, int dataType, int format, int k, int c, int h, int w) {
    library.run(
        "cudnnSetFilter4dDescriptor",
        f -> (int) f.invokeExact(filterDesc, dataType, format, k, c, h, w));
  }

  public void destroyFilterDescriptor(long filterDesc) {
    library.run("cudnnDestroyFilterDescriptor", f -> (int) f.invokeExact(filterDesc));
  }

  // ---------------------------------------------------------------- convolution

  public long createConvolutionDescriptor() {
    return library.longFrom(
        "cudnnCreateConvolutionDescriptor", (f, out) -> (int) f.invokeExact(out));
  }

  public void setConvolution2dDescriptor(
      long convDesc,
      int padH,
      int padW,
      int strideH,
      int strideW,
      int dilationH,
      int dilationW,
      int mode,
      int computeType) {
    library.run(
        "cudnnSetConvolution2dDescriptor",
        f ->
            (int)
                f.invokeExact(
                    convDesc,
                    padH,
                    padW,
                    strideH,
                    strideW,
                    dilationH,
                    dilationW,
                    mode,
                    computeType));
  }

  public void setConvolutionMathType(long convDesc, int mathType) {
    library.run("cudnnSetConvolutionMathType", f -> (int) f.invokeExact(convDesc, mathType));
  }

  public void setConvolutionGroupCount(long convDesc, int groups) {
    library.run("cudnnSetConvolutionGroupCount", f -> (int) f.invokeExact(convDesc, groups));
  }

  public void destroyConvolutionDescriptor(long convDesc) {
    library.run("cudnnDestroyConvolutionDescriptor", f -> (int) f.invokeExact(convDesc));
  }

  /** Returns the algorithms that cuDNN's rules prefer, best first; nothing is run. */
  public List<CudnnAlgorithm> getConvolutionForwardAlgorithm(
      long handle, long xDesc, long wDesc, long convDesc, long yDesc, int requested) {
    return algorithms(
        "cudnnGetConvolutionForwardAlgorithm_v7", handle, xDesc, wDesc, convDesc, yDesc, requested);
  }

  /** Returns the algorithms that cuDNN's rules prefer, best first; nothing is run. */
  public List<CudnnAlgorithm> getConvolutionBackwardDataAlgorithm(
      long handle, long wDesc, long dyDesc, long convDesc, long dxDesc, int requested) {
    return algorithms(
        "cudnnGetConvolutionBackwardDataAlgorithm_v7",
        handle,
        wDesc,
        dyDesc,
        convDesc,
        dxDesc,
        requested);
  }

  /** Returns the algorithms that cuDNN's rules prefer, best first; nothing is run. */
  public List<CudnnAlgorithm> getConvolutionBackwardFilterAlgorithm(
      long handle, long xDesc, long dyDesc, long convDesc, long dwDesc, int requested) {
    return algorithms(
        "cudnnGetConvolutionBackwardFilterAlgorithm_v7",
        handle,
        xDesc,
        dyDesc,
        convDesc,
        dwDesc,
        requested);
  }

  private List<CudnnAlgorithm> algorithms(
      String function, long handle, long a, long b, long convDesc, long result, int requested) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_INT);
      MemorySegment perfs = arena.allocate(CudnnAlgorithm.LAYOUT, requested);
      library.run(
          function,
          f -> (int) f.invokeExact(handle, a, b, convDesc, result, requested, count, perfs));
      return CudnnAlgorithm.read(perfs, count.get(JAVA_INT, 0));
    }
  }

  public long getConvolutionForwardWorkspaceSize(
      long handle, long xDesc, long wDesc, long convDesc, long yDesc, int algo) {
    return library.longFrom(
        "cudnnGetConvolutionForwardWorkspaceSize",
        (f, out) -> (int) f.invokeExact(handle, xDesc, wDesc, convDesc, yDesc, algo, out));
  }

  public long getConvolutionBackwardDataWorkspaceSize(
      long handle, long wDesc, long dyDesc, long convDesc, long dxDesc, int algo) {
    return library.longFrom(
        "cudnnGetConvolutionBackwardDataWorkspaceSize",
        (f, out) -> (int) f.invokeExact(handle, wDesc, dyDesc, convDesc, dxDesc, algo, out));
  }

  public long getConvolutionBackwardFilterWorkspaceSize(
      long handle, long xDesc, long dyDesc, long convDesc, long dwDesc, int algo) {
    return library.longFrom(
        "cudnnGetConvolutionBackwardFilterWorkspaceSize",
        (f, out) -> (int) f.invokeExact(handle, xDesc, dyDesc, convDesc, dwDesc, algo, out));
  }

  /** y = alpha · conv(x, w) + beta · y. */
  public void convolutionForward(
      long handle,
      float alpha,
      long xDesc,
      long x,
      long wDesc,
      long w,
      long convDesc,
      int algo,
      long workspace,
      long workspaceBytes,
      float beta,
      long yDesc,
      long y) {
    convolution(
        "cudnnConvolutionForward",
        handle,
        alpha,
        xDesc,
        x,
        wDesc,
        w,
        convDesc,
        algo,
        workspace,
        workspaceBytes,
        beta,
        yDesc,
        y);
  }

  /** dx = alpha · (gradient for the input) + beta · dx. */
  public void convolutionBackwardData(
      long handle,
      float alpha,
      long wDesc,
      long w,
      long dyDesc,
      long dy,
      long convDesc,
      int algo,
      long workspace,
      long workspaceBytes,
      float beta,
      long dxDesc,
      long dx) {
    convolution(
        "cudnnConvolutionBackwardData",
        handle,
        alpha,
        wDesc,
        w,
        dyDesc,
        dy,
        convDesc,
        algo,
        workspace,
        workspaceBytes,
        beta,
        dxDesc,
        dx);
  }

  /** dw = alpha · (gradient for the weights) + beta · dw. */
  public void convolutionBackwardFilter(
      long handle,
      float alpha,
      long xDesc,
      long x,
      long dyDesc,
      long dy,
      long convDesc,
      int algo,
      long workspace,
      long workspaceBytes,
      float beta,
      long dwDesc,
      long dw) {
    convolution(
        "cudnnConvolutionBackwardFilter",
        handle,
        alpha,
        xDesc,
        x,
        dyDesc,
        dy,
        convDesc,
        algo,
        workspace,
        workspaceBytes,
        beta,
        dwDesc,
        dw);
  }

  /** The three directions differ in what they read and write only. */
  private void convolution(
      String function,
      long handle,
      float alpha,
      long aDesc,
      long a,
      long bDesc,
      long b,
      long convDesc,
      int algo,
      long workspace,
      long workspaceBytes,
      float beta,
      long resultDesc,
      long result) {
    MemorySegment alphaAt = NativeLibrary.scalar(alpha);
    MemorySegment betaAt = NativeLibrary.scalar(beta);
    library.run(
        function,
        f ->
            (int)
                f.invokeExact(
                    handle,
                    alphaAt,
                    aDesc,
                    a,
                    bDesc,
                    b,
                    convDesc,
                    algo,
                    workspace,
                    workspaceBytes,
                    betaAt,
                    resultDesc,
                    result));
  }

  /**
   * y = activation(alpha1 · conv(x, w) + alpha2 · z + bias); z may be y.
   *
   * @return false if cuDNN has no kernel for this; nothing was done then
   */
  public boolean convolutionBiasActivationForward(
      long handle,
      float alpha1,
      long xDesc,
      long x,
      long wDesc,
      long w,
      long convDesc,
      int algo,
      long workspace,
      long workspaceBytes,
      float alpha2,
      long zDesc,
      long z,
      long biasDesc,
      long bias,
      long activationDesc,
      long yDesc,
      long y) {
    String function = "cudnnConvolutionBiasActivationForward";
    MemorySegment alpha1At = NativeLibrary.scalar(alpha1);
    MemorySegment alpha2At = NativeLibrary.scalar(alpha2);
    int status =
        library.call(
            function,
            f ->
                (int)
                    f.invokeExact(
                        handle,
                        alpha1At,
                        xDesc,
                        x,
                        wDesc,
                        w,
                        convDesc,
                        algo,
                        workspace,
                        workspaceBytes,
                        alpha2At,
                        zDesc,
                        z,
                        biasDesc,
                        bias,
                        activationDesc,
                        yDesc,
                        y));
    if (status / 1000 * 1000 == NOT_SUPPORTED) {
      return false;
    }
    library.check(function, status);
    return true;
  }

  // ---------------------------------------------------------------- activation

  public long createActivationDescriptor() {
    return library.longFrom(
        "cudnnCreateActivationDescriptor", (f, out) -> (int) f.invokeExact(out));
  }

  public void setActivationDescriptor(
      long activationDesc, int mode, int nanPropagation, double coef) {
    library.run(
        "cudnnSetActivationDescriptor",
        f -> (int) f.invokeExact(activationDesc, mode, nanPropagation, coef));
  }

  public void destroyActivationDescriptor(long activationDesc) {
    library.run("cudnnDestroyActivationDescriptor", f -> (int) f.invokeExact(activationDesc));
  }

  // ---------------------------------------------------------------- errors

  private String explain(int status) {
    MemorySegment text =
        library.call("cudnnGetErrorString", f -> (MemorySegment) f.invokeExact(status));
    return NativeLibrary.text(text) + " (" + status + ")" + lastError();
  }

  /** Returns the condition that was not met, in cuDNN's words, or nothing. */
  private String lastError() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(MESSAGE_BYTES);
      library.call("cudnnGetLastErrorString", f -> lastError(f, buffer));
      String message = buffer.getString(0).strip();
      return message.isEmpty() ? "" : ", " + message;
    }
  }

  private static @Nullable Void lastError(MethodHandle function, MemorySegment buffer)
      throws Throwable {
    function.invokeExact(buffer, buffer.byteSize() - 1); // leaves a zero at the end in any case
    return null;
  }
}
