package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.harness.Contender;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_dnn;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_dnn.Net;

/**
 * OpenCV's own engine for networks on the exported one, with or without Winograd's algorithms, as
 * many threads as the engine.
 */
final class OpenCvForward implements Contender {
  private final boolean winograd;
  private final Net net;
  private final FloatPointer planes;
  private final Mat input;

  OpenCvForward(Workload workload, boolean winograd, int threads) {
    this.winograd = winograd;
    opencv_core.setNumThreads(threads);
    net = opencv_dnn.readNetFromONNX(OnnxModel.of(workload));
    net.setPreferableBackend(opencv_dnn.DNN_BACKEND_OPENCV);
    net.setPreferableTarget(opencv_dnn.DNN_TARGET_CPU);
    net.enableWinograd(winograd);
    planes = new FloatPointer(OnnxModel.planes(workload));
    int[] shape = {workload.batch(), 3, workload.size(), workload.size()};
    input = new Mat(shape, opencv_core.CV_32F, planes);
  }

  static String version() {
    return "OpenCV "
        + opencv_core.CV_VERSION
        + ": its own engine for networks (DNN_BACKEND_OPENCV), with and without Winograd";
  }

  @Override
  public String name() {
    return winograd ? "OpenCV" : "OpenCV, no Winograd";
  }

  @Override
  public float[] run() {
    net.setInput(input);
    try (Mat logits = net.forward()) {
      float[] values = new float[(int) logits.total()];
      new FloatPointer(logits.data()).get(values);
      return values;
    }
  }

  @Override
  public void close() {
    input.close();
    planes.close();
    net.close();
  }
}
