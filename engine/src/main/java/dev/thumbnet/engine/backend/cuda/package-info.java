/**
 * The backend for NVIDIA's devices: cuDNN for convolutions, cuBLAS for matrix products, kernels of
 * its own for the rest, called through the Foreign Function and Memory API. The only code that
 * imports {@code java.lang.foreign}, and nothing of it runs before a device is opened: without CUDA
 * the rest of the engine does not notice.
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
 * {@code KernelModule} (own kernels). {@code CudaGraph} repeats steps at little cost. {@code
 * CudaBackend} makes the primitives of all this.
 *
 * <p><b>Addresses</b> of the device, handles and descriptors are longs: Java never follows them.
 *
 * <p><b>One stream</b> for everything. So the order of work is the order of the calls, memory can
 * be handed out again while the device still works with it, and no event is needed but for the
 * buffers of uploads.
 *
 * <p><b>Properties</b>: {@code dev.thumbnet.engine.cuda.path} = folders of the libraries; {@code
 * dev.thumbnet.engine.cuda.debug} = {@code true} waits after each operation, so that a failed
 * kernel is reported where it was started.
 */
package dev.thumbnet.engine.backend.cuda;
