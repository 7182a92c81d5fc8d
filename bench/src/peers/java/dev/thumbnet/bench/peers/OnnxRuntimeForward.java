package dev.thumbnet.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.thumbnet.bench.harness.Contender;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.onnx.Onnx;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * ONNX Runtime on the exported network: all graph optimisations, as many threads as the engine,
 * input in a direct buffer that is filled once.
 */
final class OnnxRuntimeForward implements Contender {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final OnnxTensor input;

  OnnxRuntimeForward(Workload workload, int threads) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      session = environment.createSession(model(workload), options);
    }
    long[] shape = {workload.batch(), 3, workload.size(), workload.size()};
    input = OnnxTensor.createTensor(environment, planes(workload), shape);
  }

  private static byte[] model(Workload workload) {
    try (Device device = Device.cpu(1)) {
      Module module = workload.module(device, 1);
      module.eval();
      ByteArrayOutputStream model = new ByteArrayOutputStream();
      Onnx.write(module, Tensor.zeros(device, 1, workload.size(), workload.size(), 3), model);
      return model.toByteArray();
    }
  }

  /** Returns the pictures as (n, 3, h, w). */
  private static FloatBuffer planes(Workload workload) {
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

  static String version() {
    return "ONNX Runtime "
        + OrtEnvironment.getEnvironment().getVersion()
        + ", with all graph optimisations";
  }

  @Override
  public String name() {
    return "ONNX Runtime";
  }

  @Override
  public float[] run() {
    try (OrtSession.Result result = session.run(Map.of(Onnx.INPUT, input))) {
      FloatBuffer logits = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] values = new float[logits.remaining()];
      logits.get(values);
      return values;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    input.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
