package dev.thumbnet.bench.peers;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.onnx.Onnx;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** A workload for those who read ONNX: the exported network, and pictures in its layout. */
final class OnnxModel {
  private OnnxModel() {}

  /** Returns the file of the network. */
  static byte[] of(Workload workload) {
    try (Device device = Device.cpu(1)) {
      Module module = workload.module(device, 1);
      module.eval();
      ByteArrayOutputStream model = new ByteArrayOutputStream();
      Onnx.write(module, Tensor.zeros(device, 1, workload.size(), workload.size(), 3), model);
      return model.toByteArray();
    }
  }

  /** Returns the pictures as (n, 3, h, w) in a direct buffer. */
  static FloatBuffer planes(Workload workload) {
    float[] pictures = workload.pictures();
    int pixels = workload.size() * workload.size();
    FloatBuffer planes =
        ByteBuffer.allocateDirect(pictures.length * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int i = 0; i < pictures.length; i++) {
      planes.put((i / (3 * pixels) * 3 + i % 3) * pixels + i / 3 % pixels, pictures[i]);
    }
    return planes;
  }
}
