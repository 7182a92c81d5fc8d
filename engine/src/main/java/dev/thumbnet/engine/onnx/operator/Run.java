package dev.thumbnet.engine.onnx.operator;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.onnx.value.Weights;
import org.jspecify.annotations.Nullable;

/**
 * What all nodes share while a graph is run.
 *
 * @param opset version of the operators
 * @param weights the graph's constants
 * @param pictures how many pictures the file says that there are, or −1 if it leaves that open
 * @param dropout draws what is dropped; none unless the network is trained
 */
public record Run(int opset, Weights weights, int pictures, @Nullable Rng dropout) {
  /** Tells whether the network is trained. */
  boolean training() {
    return dropout != null;
  }
}
