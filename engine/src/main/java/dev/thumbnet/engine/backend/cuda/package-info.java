/**
 * The backend for NVIDIA's devices: cuDNN for convolutions, cuBLAS for matrix products, kernels of
 * its own for the rest, called through the Foreign Function and Memory API. The only code that
 * imports {@code java.lang.foreign}, in its package {@code driver}, and nothing of it runs before a
 * device is opened: without CUDA the rest of the engine does not notice.
 *
 * <p><b>Where to read</b>: {@code CudaBackend} makes the primitives of what {@code driver} offers,
 * by way of the {@code CudaQueue}, where all work is put in order.
 *
 * <p><b>Addresses</b> of the device, handles and descriptors are longs: Java never follows them.
 *
 * <p><b>One stream</b> for everything. So the order of work is the order of the calls, memory can
 * be handed out again while the device still works with it, and no event is needed but for the
 * buffers of uploads.
 */
@NullMarked
package dev.thumbnet.engine.backend.cuda;

import org.jspecify.annotations.NullMarked;
