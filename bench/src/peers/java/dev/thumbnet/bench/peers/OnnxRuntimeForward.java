package dev.thumbnet.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.thumbnet.bench.harness.Contender;
import dev.thumbnet.engine.onnx.Onnx;
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
      session = environment.createSession(OnnxModel.of(workload), options);
    }
    long[] shape = {workload.batch(), 3, workload.size(), workload.size()};
    input = OnnxTensor.createTensor(environment, OnnxModel.planes(workload), shape);
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
