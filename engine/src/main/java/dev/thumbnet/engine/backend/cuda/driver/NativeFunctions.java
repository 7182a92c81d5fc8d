package dev.thumbnet.engine.backend.cuda.driver;

import java.util.List;

/**
 * All native functions that are called, with their types. A test compares them with a list taken
 * from NVIDIA's headers, because a wrong type is found by nothing else before it damages something.
 */
final class NativeFunctions {
  private NativeFunctions() {}

  /** Of libcuda. */
  static final List<NativeFunction> DRIVER =
      List.of(
          new NativeFunction("cuInit", "I"),
          new NativeFunction("cuDriverGetVersion", "P"),
          new NativeFunction("cuDeviceGetCount", "P"),
          new NativeFunction("cuDeviceGet", "PI"),
          new NativeFunction("cuDeviceGetName", "PII"),
          new NativeFunction("cuDeviceGetAttribute", "PII"),
          new NativeFunction("cuDevicePrimaryCtxRetain", "PI"),
          new NativeFunction("cuDevicePrimaryCtxRelease_v2", "I"),
          new NativeFunction("cuCtxSetCurrent", "L"),
          new NativeFunction("cuMemGetInfo_v2", "PP"),
          new NativeFunction("cuMemAlloc_v2", "PL"),
          new NativeFunction("cuMemFree_v2", "L"),
          new NativeFunction("cuMemHostAlloc", "PLI"),
          new NativeFunction("cuMemFreeHost", "P"),
          new NativeFunction("cuMemcpyHtoDAsync_v2", "LPLL"),
          new NativeFunction("cuMemcpyDtoHAsync_v2", "PLLL"),
          new NativeFunction("cuMemcpyDtoDAsync_v2", "LLLL"),
          new NativeFunction("cuStreamCreate", "PI"),
          new NativeFunction("cuStreamSynchronize", "L"),
          new NativeFunction("cuStreamDestroy_v2", "L"),
          new NativeFunction("cuEventCreate", "PI"),
          new NativeFunction("cuEventRecord", "LL"),
          new NativeFunction("cuEventSynchronize", "L"),
          new NativeFunction("cuEventDestroy_v2", "L"),
          new NativeFunction("cuModuleLoadData", "PP"),
          new NativeFunction("cuModuleGetFunction", "PLP"),
          new NativeFunction("cuModuleUnload", "L"),
          new NativeFunction("cuLaunchKernel", "LIIIIIIILPP"),
          new NativeFunction("cuStreamBeginCapture_v2", "LI"),
          new NativeFunction("cuStreamEndCapture", "LP"),
          new NativeFunction("cuGraphInstantiateWithFlags", "PLL"),
          new NativeFunction("cuGraphLaunch", "LL"),
          new NativeFunction("cuGraphExecDestroy", "L"),
          new NativeFunction("cuGraphDestroy", "L"),
          new NativeFunction("cuGetErrorName", "IP"),
          new NativeFunction("cuGetErrorString", "IP"));

  /** Of libcudnn. */
  static final List<NativeFunction> CUDNN =
      List.of(
          new NativeFunction("cudnnGetVersion", ":L"),
          new NativeFunction("cudnnGetErrorString", "I:P"),
          new NativeFunction("cudnnGetLastErrorString", "PL:V"),
          new NativeFunction("cudnnCreate", "P"),
          new NativeFunction("cudnnDestroy", "L"),
          new NativeFunction("cudnnSetStream", "LL"),
          new NativeFunction("cudnnCreateTensorDescriptor", "P"),
          new NativeFunction("cudnnSetTensor4dDescriptor", "LIIIIII"),
          new NativeFunction("cudnnDestroyTensorDescriptor", "L"),
          new NativeFunction("cudnnCreateFilterDescriptor", "P"),
          new NativeFunction("cudnnSetFilter4dDescriptor", "LIIIIII"),
          new NativeFunction("cudnnDestroyFilterDescriptor", "L"),
          new NativeFunction("cudnnCreateConvolutionDescriptor", "P"),
          new NativeFunction("cudnnSetConvolution2dDescriptor", "LIIIIIIII"),
          new NativeFunction("cudnnSetConvolutionMathType", "LI"),
          new NativeFunction("cudnnSetConvolutionGroupCount", "LI"),
          new NativeFunction("cudnnDestroyConvolutionDescriptor", "L"),
          new NativeFunction("cudnnGetConvolutionForwardAlgorithm_v7", "LLLLLIPP"),
          new NativeFunction("cudnnGetConvolutionBackwardDataAlgorithm_v7", "LLLLLIPP"),
          new NativeFunction("cudnnGetConvolutionBackwardFilterAlgorithm_v7", "LLLLLIPP"),
          new NativeFunction("cudnnGetConvolutionForwardWorkspaceSize", "LLLLLIP"),
          new NativeFunction("cudnnGetConvolutionBackwardDataWorkspaceSize", "LLLLLIP"),
          new NativeFunction("cudnnGetConvolutionBackwardFilterWorkspaceSize", "LLLLLIP"),
          new NativeFunction("cudnnConvolutionForward", "LPLLLLLILLPLL"),
          new NativeFunction("cudnnConvolutionBackwardData", "LPLLLLLILLPLL"),
          new NativeFunction("cudnnConvolutionBackwardFilter", "LPLLLLLILLPLL"),
          new NativeFunction("cudnnConvolutionBiasActivationForward", "LPLLLLLILLPLLLLLLL"),
          new NativeFunction("cudnnCreateActivationDescriptor", "P"),
          new NativeFunction("cudnnSetActivationDescriptor", "LIID"),
          new NativeFunction("cudnnDestroyActivationDescriptor", "L"));

  /** Of libcublas. */
  static final List<NativeFunction> CUBLAS =
      List.of(
          new NativeFunction("cublasCreate_v2", "P"),
          new NativeFunction("cublasDestroy_v2", "L"),
          new NativeFunction("cublasGetVersion_v2", "LP"),
          new NativeFunction("cublasSetStream_v2", "LL"),
          new NativeFunction("cublasSetWorkspace_v2", "LLL"),
          new NativeFunction("cublasSetMathMode", "LI"),
          new NativeFunction("cublasGetStatusString", "I:P"),
          new NativeFunction("cublasSgemm_v2", "LIIIIIPLILIPLI"),
          new NativeFunction("cublasGemmEx", "LIIIIIPLIILIIPLIIII"));
}
