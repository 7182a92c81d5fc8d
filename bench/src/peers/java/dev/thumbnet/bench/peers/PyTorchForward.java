package dev.thumbnet.bench.peers;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.thumbnet.bench.harness.Contender;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;

/** PyTorch through DJL on a frozen and fused network, see {@link TorchScript}. */
final class PyTorchForward implements Contender {
  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final ParameterStore parameters = new ParameterStore(manager, false);
  private final Model model = Model.newInstance("net", "PyTorch");
  private final NDArray input;

  PyTorchForward(Workload workload) throws IOException, MalformedModelException {
    model.load(new ByteArrayInputStream(TorchScript.of(workload)), Map.of());
    Shape shape = new Shape(workload.batch(), workload.size(), workload.size(), 3);
    // A view with PyTorch's order of axes: channels-last.
    input = manager.create(workload.pictures(), shape).transpose(0, 3, 1, 2);
  }

  static String version() {
    return "PyTorch "
        + Engine.getEngine("PyTorch").getVersion()
        + " through DJL "
        + Engine.getDjlVersion()
        + ": forward frozen and fused, training eager";
  }

  @Override
  public String name() {
    return "PyTorch";
  }

  @Override
  public float[] run() {
    try (NDList logits = model.getBlock().forward(parameters, new NDList(input), false)) {
      return logits.singletonOrThrow().toFloatArray();
    }
  }

  @Override
  public void close() {
    model.close();
    manager.close();
  }
}
