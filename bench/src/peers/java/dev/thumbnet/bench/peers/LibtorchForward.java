package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.harness.Contender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The newest PyTorch on the same frozen and fused network as {@link PyTorchForward}. */
final class LibtorchForward implements Contender {
  private final JitModule module;
  private final FloatPointer pictures;
  private final Tensor input;

  LibtorchForward(Workload workload) throws IOException {
    Path file = Files.createTempFile("net", ".pt");
    try {
      Files.write(file, TorchScript.of(workload));
      module = torch.load(file.toString());
    } finally {
      Files.delete(file);
    }
    pictures = new FloatPointer(workload.pictures());
    // A view with PyTorch's order of axes: channels-last.
    input =
        torch
            .from_blob(pictures, workload.batch(), workload.size(), workload.size(), 3)
            .permute(0, 3, 1, 2);
  }

  @Override
  public String name() {
    return "PyTorch";
  }

  @Override
  public float[] run() {
    try (PointerScope _ = new PointerScope();
        InferenceMode _ = new InferenceMode()) {
      Tensor logits = module.forward(new IValueVector(new IValue(input))).toTensor().contiguous();
      float[] values = new float[(int) logits.numel()];
      logits.data_ptr_float().get(values);
      return values;
    }
  }
}
