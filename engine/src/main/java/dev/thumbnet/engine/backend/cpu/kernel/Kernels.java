package dev.thumbnet.engine.backend.cpu.kernel;

import java.util.List;

/**
 * The innermost loops, of which there are two sets: {@code cpu.vector} on the Vector API and {@code
 * cpu.scalar} in plain Java. Loops over blocks, packing and threads are written once, above.
 */
public interface Kernels {
  /** Returns "vector" or "scalar". */
  String name();

  /** Returns the number of floats in a vector register as these kernels use it; 1 for scalar. */
  int lanes();

  /** Returns the register tiles of convolution and matrix product. */
  TileKernels tiles();

  /** Returns the loops of convolutions from a few channels of a group. */
  GroupKernels groups();

  /** Returns the loops over contiguous runs of elements. */
  ElementKernels elements();

  /** Returns the loops over rows of channels. */
  ChannelKernels channels();

  /** Returns the loops over windows of pixels. */
  SpatialKernels spatial();

  /** Returns the transforms of Winograd's convolution, the larger tile first. */
  List<WinogradKernels> winograd();

  /** Returns those that gradients of weights can use, too. */
  List<WinogradWeightGradientKernels> winogradGradients();

  /**
   * Returns kernels with which the loops of inference are fast before the JVM has compiled these
   * ones; they have the same layouts and give the same bits.
   */
  default Kernels cold() {
    return this;
  }

  /**
   * Returns the vector kernels. There is one width per JVM, because C2 needs to know it when it
   * compiles: the widest the machine has (at most 16 floats), or what the property {@code
   * dev.thumbnet.engine.lanes} says.
   *
   * @throws IllegalStateException if the module is missing, the JVM has no optimising compiler or
   *     the machine has no such lanes
   */
  static Kernels vector() {
    return KernelGate.vector();
  }

  /** Returns the plain Java kernels. */
  static Kernels scalar() {
    return KernelGate.scalar();
  }
}
