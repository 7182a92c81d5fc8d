package dev.thumbnet.engine.backend.cuda.driver;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.DeviceException;
import dev.thumbnet.engine.backend.Storage;

/** Computes on the CPU, then tries to open a device; runs in a JVM that forbids native code. */
final class WithoutNativeAccess {
  private WithoutNativeAccess() {}

  public static void main(String[] args) {
    try (Device cpu = Device.cpu(1)) {
      Storage x = cpu.backend().allocate(4);
      cpu.backend().fill(x, 4, 1);
    }
    try (CudaRuntime runtime = CudaRuntime.open(0)) {
      System.out.println("opened " + runtime.describe());
    } catch (DeviceException e) {
      System.out.println(e.getMessage());
    }
  }
}
