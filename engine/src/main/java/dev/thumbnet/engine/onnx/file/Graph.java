package dev.thumbnet.engine.onnx.file;

import java.util.List;
import java.util.Map;

/**
 * What a model file says.
 *
 * @param opset version of ONNX's own operators
 * @param nodes in the file's order
 * @param initializers constants by name
 * @param inputs without those that are initialisers
 * @param outputs results
 */
public record Graph(
    int opset,
    List<Node> nodes,
    Map<String, TensorData> initializers,
    List<ValueInfo> inputs,
    List<ValueInfo> outputs) {}
