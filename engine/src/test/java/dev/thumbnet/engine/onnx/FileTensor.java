package dev.thumbnet.engine.onnx;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.onnx.file.Graph;
import dev.thumbnet.engine.onnx.file.GraphReader;
import dev.thumbnet.engine.onnx.file.TensorData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A tensor in ONNX's order.
 *
 * @param dims extents; pictures are (n, c, h, w)
 * @param values in row-major order
 */
record FileTensor(int[] dims, float[] values) {

  /** Reads a file that is one message of type TensorProto, as an initialiser of an empty graph. */
  static FileTensor read(Path file) throws IOException {
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    tensor.write(Files.readAllBytes(file));
    new Protobuf().text(8, "tensor").writeTo(tensor);
    Protobuf model =
        new Protobuf()
            .integer(1, 8)
            .message(7, new Protobuf().bytes(5, tensor.toByteArray()))
            .message(8, new Protobuf().integer(2, 18));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    model.writeTo(bytes);
    Graph graph = GraphReader.read(bytes.toByteArray(), null);
    TensorData data = graph.initializers().get("tensor");
    return new FileTensor(data.dims(), data.floats());
  }

  /** Returns the tensor in the engine's order: pictures with channels last. */
  Tensor tensor(Device device) {
    if (dims.length != 4) {
      return Tensor.of(device, values, dims);
    }
    int channels = dims[1];
    int pixels = dims[2] * dims[3];
    float[] ordered = new float[values.length];
    for (int i = 0; i < ordered.length; i++) {
      int pixel = i / channels;
      ordered[i] = values[(pixel / pixels * channels + i % channels) * pixels + pixel % pixels];
    }
    return Tensor.of(device, ordered, dims[0], dims[2], dims[3], dims[1]);
  }
}
