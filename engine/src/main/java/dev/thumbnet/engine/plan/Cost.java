package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Trace;
import java.util.stream.Stream;

/**
 * What a forward pass costs, read from its {@link Trace}, so that nothing is computed.
 * Multiply-adds of convolutions and linear layers count, those of normalisation, activation,
 * pooling and resampling do not.
 *
 * @param output shape of the result
 * @param macs multiply-adds
 * @param largestActivation elements of the largest result of a step; 0 if there is no step
 */
public record Cost(Shape output, long macs, int largestActivation) {
  /**
   * Returns the cost of a module for an input.
   *
   * @param module calls nothing that belongs to training: its layers are in evaluation mode
   * @param input shape of the input, with the number of pictures that the cost is for
   * @throws IllegalArgumentException if the module does not take this input
   * @throws IllegalStateException if it normalises with the batch's statistics, or within {@code
   *     noGrad}
   */
  public static Cost of(Module module, Shape input) {
    try (TensorScope _ = new TensorScope()) {
      Trace trace = Trace.of(module::forward, Tensor.placeholder(device(module), input));
      return new Cost(
          trace.output().shape(),
          trace.steps().stream().mapToLong(Cost::macs).sum(),
          trace.steps().stream().mapToInt(step -> step.result().size()).max().orElse(0));
    }
  }

  /** Returns where a module lives; one without any state may be asked anywhere. */
  private static Device device(Module module) {
    return Stream.concat(
            module.parameters().stream().map(p -> p.tensor()),
            module.namedBuffers().values().stream())
        .map(Tensor::device)
        .findFirst()
        .orElseGet(Device::reference);
  }

  private static long macs(Trace.Step step) {
    return switch (step.action()) {
      case Action.Conv2d(var problem) -> problem.macs();
      case Action.ConvTranspose2d(var problem) -> problem.macs();
      case Action.Linear() -> (long) step.operands().getFirst().size() * step.result().dim(-1);
      case Action.MatMul(int batch, var problem) -> batch * problem.macs();
      case Action.BatchNorm _, Action.Elementwise _, Action.LeakyRelu _, Action.Clamp _ -> 0;
      case Action.Affine _, Action.Add _, Action.AddRelu _, Action.Multiply _ -> 0;
      case Action.Divide _, Action.BroadcastAdd _, Action.BroadcastMultiply _ -> 0;
      case Action.Expand _, Action.Sum _, Action.Softmax _, Action.LogSoftmax _ -> 0;
      case Action.Concat _, Action.Slice _, Action.Reshape _ -> 0;
      case Action.MaxPool _, Action.AveragePool _, Action.Resize _ -> 0;
      case Action.Transpose _, Action.Gather _, Action.Elu _ -> 0;
      case Action.Maximum _, Action.Minimum _, Action.Max _ -> 0;
    };
  }
}
