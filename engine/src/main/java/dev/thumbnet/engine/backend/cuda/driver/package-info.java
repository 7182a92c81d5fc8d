/**
 * CUDA's libraries as Java methods.
 *
 * <p><b>What is needed</b>: Linux, NVIDIA's driver, cuDNN 9, cuBLAS 12 or 13. {@code LibrarySearch}
 * says where they are looked for. Since Java 24 native code wants the option {@code
 * --enable-native-access=ALL-UNNAMED}, on the module path {@code
 * --enable-native-access=dev.thumbnet.engine}; without it the JVM warns, and refuses if it was
 * started with {@code --illegal-native-access=deny}.
 *
 * <p><b>Where to read</b>, from below: {@code NativeFunctions} is the table of all functions with
 * their types. {@code Driver}, {@code Cudnn} and {@code Cublas} turn them into methods, one for
 * one, with exceptions instead of statuses. {@code CudaRuntime} is an open device: a context, a
 * stream, {@code DeviceMemory} (which keeps memory for reuse), {@code StagingRing} (copies) and
 * {@code KernelModule} (own kernels). {@code CudaGraph} repeats steps at little cost.
 *
 * <p><b>Properties</b>: {@code dev.thumbnet.engine.cuda.path} = folders of the libraries; {@code
 * dev.thumbnet.engine.cuda.debug} = {@code true} waits after each operation, so that a failed
 * kernel is reported where it was started.
 */
@NullMarked
package dev.thumbnet.engine.backend.cuda.driver;

import org.jspecify.annotations.NullMarked;
