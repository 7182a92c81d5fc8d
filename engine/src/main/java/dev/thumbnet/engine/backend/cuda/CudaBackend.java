package dev.thumbnet.engine.backend.cuda;

import dev.thumbnet.engine.backend.CheckedBackend;
import dev.thumbnet.engine.backend.CudaPrecision;
import dev.thumbnet.engine.backend.DeviceException;
import dev.thumbnet.engine.backend.GpuDescription;
import dev.thumbnet.engine.backend.cuda.driver.CudaRuntime;
import java.util.Optional;

/**
 * The backend for NVIDIA's GPUs. Memory that the device does not have gives a {@link
 * DeviceException}, after which the backend can be used as before.
 */
public final class CudaBackend extends CheckedBackend<CudaStorage> {
  private final CudaPrecision precision;
  private final CudaPrimitives primitives;

  /**
   * Opens a device.
   *
   * @param ordinal its number, from 0
   * @param precision of convolutions and matrix products
   * @throws DeviceException if there is no driver, no cuDNN, no cuBLAS or no such device
   */
  public CudaBackend(int ordinal, CudaPrecision precision) {
    this(CudaRuntime.open(ordinal), precision);
  }

  /** Takes over an open device. */
  CudaBackend(CudaRuntime runtime, CudaPrecision precision) {
    this(new CudaPrimitives(new CudaQueue(runtime), precision), precision);
  }

  private CudaBackend(CudaPrimitives primitives, CudaPrecision precision) {
    super(primitives.queue(), primitives);
    this.precision = precision;
    this.primitives = primitives;
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public String describe() {
    return "cuda: " + queue().runtime().describe() + ", " + precision;
  }

  @Override
  public Optional<GpuDescription> gpu() {
    return Optional.of(queue().runtime().describe());
  }

  CudaQueue queue() {
    return primitives.queue();
  }

  @Override
  public void close() {
    queue().close(primitives.convolutions()::close);
  }
}
