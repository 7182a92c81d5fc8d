package dev.thumbnet.engine.onnx;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.io.AtomicFile;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.trace.Trace;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Writes a network as an ONNX model (IR version 8, opset 18) that any ONNX runtime executes. Its
 * input {@code input} is (n, c, h, w) for any number n of pictures of the given size, its output
 * {@code logits} what the network returns, both of floats; axes and weights are in ONNX's order,
 * and weights keep the names that the module gives them.
 *
 * <p>The graph is read from one forward pass, so every module can be exported that is in evaluation
 * mode and computes a picture's result from that picture alone. What is not a matrix comes out with
 * its channels second, as they are in ONNX. Resampling, antialiased bicubic too, becomes two exact
 * matrix products.
 *
 * <pre>{@code
 * model.eval();
 * Onnx.write(model, Tensor.zeros(device, 1, 224, 224, 3), Path.of("model.onnx"));
 * }</pre>
 */
public final class Onnx {
  /** Name of the input. */
  public static final String INPUT = "input";

  /** Name of the output. */
  public static final String OUTPUT = "logits";

  /** With two, a trace tells what would mix pictures. */
  private static final int PICTURES = 2;

  private static final int IR_VERSION = 8;
  private static final int OPSET = 18;

  private Onnx() {}

  /**
   * Writes a model to a file, which appears under its name only when it is complete.
   *
   * @param module the network, in evaluation mode
   * @param example pictures (n, h, w, c) of the size that the model will take, on the module's
   *     device; their number and contents do not matter
   * @param path a file, of any file system
   * @throws IllegalArgumentException if the module contains an op that cannot be exported, or is
   *     larger than the 2 GiB that the format allows
   * @throws IllegalStateException if the module is in training mode
   * @throws UncheckedIOException if the file cannot be written
   */
  public static void write(Module module, Tensor example, Path path) {
    write(module, example, Map.of(), path);
  }

  /**
   * As {@link #write(Module, Tensor, Path)}, with texts that tell more about the model, such as the
   * names of its classes.
   *
   * @param metadata by key, written in its order as the format's {@code metadata_props}
   */
  public static void write(Module module, Tensor example, Map<String, String> metadata, Path path) {
    Protobuf model = model(module, example, metadata);
    try {
      AtomicFile.write(path, model::writeTo);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /**
   * Writes a model to a stream, which is left open; see {@link #write(Module, Tensor, Path)}.
   *
   * @throws UncheckedIOException if the stream fails
   */
  public static void write(Module module, Tensor example, OutputStream stream) {
    try {
      model(module, example, Map.of()).writeTo(stream);
    } catch (IOException e) {
      throw new UncheckedIOException("The ONNX stream cannot be written: " + e, e);
    }
  }

  private static Protobuf model(Module module, Tensor example, Map<String, String> metadata) {
    if (example.shape().rank() != 4) {
      throw new IllegalArgumentException(
          "the input must be pictures (n, h, w, c), not " + example.shape());
    }
    Map<Tensor, String> names = new IdentityHashMap<>();
    module.namedParameters().forEach((name, p) -> names.put(p.tensor(), name));
    // Weights that are not learnt, such as those of a fixed filter.
    module.namedBuffers().forEach((name, tensor) -> names.put(tensor, name));
    Protobuf graph;
    try (TensorScope _ = new TensorScope()) {
      Shape shape = example.shape().with(0, PICTURES);
      Tensor pictures = Tensor.placeholder(example.device(), shape);
      graph = OnnxGraph.of(Trace.of(module::forward, pictures), names);
    }
    Protobuf model =
        new Protobuf()
            .integer(1, IR_VERSION)
            .text(2, "thumbnet-engine")
            .message(7, graph)
            .message(8, new Protobuf().text(1, "").integer(2, OPSET));
    metadata.forEach((key, value) -> model.message(14, new Protobuf().text(1, key).text(2, value)));
    if (model.size() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the model has "
              + model.size()
              + " bytes, but an ONNX file holds at most "
              + Integer.MAX_VALUE
              + "; export its parts");
    }
    return model;
  }
}
