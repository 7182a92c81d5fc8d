package dev.thumbnet.engine.onnx.file;

import java.util.List;
import java.util.Map;

/**
 * One node of a graph.
 *
 * @param name as in the file, or that of its first output
 * @param operator such as Conv
 * @param domain empty for ONNX's own operators
 * @param inputs names of values; empty where an optional one is left out
 * @param outputs likewise
 * @param attributes by name
 */
public record Node(
    String name,
    String operator,
    String domain,
    List<String> inputs,
    List<String> outputs,
    Map<String, Attribute> attributes) {
  @Override
  public String toString() {
    return "node '" + name + "' (" + (domain.isEmpty() ? "" : domain + ".") + operator + ")";
  }
}
