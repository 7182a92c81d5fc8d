package dev.thumbnet.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.thumbnet.engine.onnx.Onnx;
import java.nio.FloatBuffer;
import java.util.Map;

/** Runs an exported network in ONNX Runtime, on pictures in the engine's layout. */
public final class OnnxRun {
  private OnnxRun() {}

  /**
   * Returns the logits of pictures, one row after the other.
   *
   * @param pictures (n, height, width, 3), perhaps more of them
   */
  public static float[] logits(OrtSession session, float[] pictures, int n, int height, int width)
      throws OrtException {
    long[] shape = {n, 3, height, width};
    FloatBuffer planes = FloatBuffer.wrap(planes(pictures, n, height * width));
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OnnxTensor input = OnnxTensor.createTensor(environment, planes, shape);
        OrtSession.Result result = session.run(Map.of(Onnx.INPUT, input))) {
      OnnxTensor logits = (OnnxTensor) result.get(Onnx.OUTPUT).orElseThrow();
      float[] values = new float[logits.getFloatBuffer().remaining()];
      logits.getFloatBuffer().get(values);
      return values;
    }
  }

  private static float[] planes(float[] pictures, int n, int pixels) {
    float[] planes = new float[n * 3 * pixels];
    for (int i = 0; i < planes.length; i++) {
      planes[(i / 3 / pixels * 3 + i % 3) * pixels + i / 3 % pixels] = pictures[i];
    }
    return planes;
  }
}
