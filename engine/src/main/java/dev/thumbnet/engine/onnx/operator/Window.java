package dev.thumbnet.engine.onnx.operator;

import dev.thumbnet.engine.backend.problem.Padding;
import java.util.Arrays;

/**
 * How a window slides over a picture: the attributes that convolution and pooling share. All arrays
 * are of rows and columns.
 *
 * @param kernel extents of the window
 * @param strides by how much it moves
 * @param dilations distances of its elements
 * @param before padding above and on the left
 * @param after padding below and on the right
 * @param ceil whether a last window that is only partly in the picture counts
 */
record Window(
    int[] kernel, int[] strides, int[] dilations, int[] before, int[] after, boolean ceil) {
  private static final int LARGEST = 1 << 24;

  /**
   * Reads the attributes of a node.
   *
   * @param kernel extents of the window, of as many axes as the node's values have beyond two
   * @param picture extents of the picture, of as many
   */
  static Window of(Call call, int[] kernel, int[] picture) {
    int axes = kernel.length;
    int[] named = call.wholes("kernel_shape");
    Call.require(
        named == null || Arrays.equals(named, kernel),
        "its weight does not have the extents that kernel_shape says");
    int[] strides = numbers(call, "strides", axes, 1);
    int[] dilations = numbers(call, "dilations", axes, 1);
    int[] pads = numbers(call, "pads", 2 * axes, 0);
    int[] before = Arrays.copyOf(pads, axes);
    int[] after = Arrays.copyOfRange(pads, axes, 2 * axes);
    String auto = call.text("auto_pad", "NOTSET");
    if (auto.startsWith("SAME")) {
      boolean more = auto.equals("SAME_UPPER");
      for (int i = 0; i < axes; i++) {
        int outputs = (picture[i] + strides[i] - 1) / strides[i];
        long span = (long) dilations[i] * (kernel[i] - 1) + 1;
        long all = Math.max(0, (outputs - 1L) * strides[i] + span - picture[i]);
        before[i] = Math.toIntExact(more ? all / 2 : all - all / 2);
        after[i] = Math.toIntExact(all - before[i]);
      }
    } else if (auto.equals("VALID")) {
      Arrays.fill(before, 0);
      Arrays.fill(after, 0);
    } else {
      Call.require(auto.equals("NOTSET"), "auto_pad '" + auto + "' is not known");
    }
    return new Window(kernel, strides, dilations, before, after, call.whole("ceil_mode", 0) != 0);
  }

  private static int[] numbers(Call call, String name, int count, int otherwise) {
    int[] values = call.wholes(name);
    if (values == null) {
      values = new int[count];
      Arrays.fill(values, otherwise);
    }
    Call.require(values.length == count, name + " must be " + count + " numbers");
    for (int value : values) {
      Call.require(
          value >= otherwise && value < LARGEST,
          name + " " + Arrays.toString(values) + " is wrong");
    }
    return values;
  }

  /** Returns the window of a picture of one row more, which is what a signal is here. */
  Window ofSignal() {
    return new Window(
        led(1, kernel), led(1, strides), led(1, dilations), led(0, before), led(0, after), ceil);
  }

  private static int[] led(int first, int... values) {
    return new int[] {first, values[0]};
  }

  /** Returns the padding of a picture. */
  Padding padding() {
    return new Padding(before[0], before[1], after[0], after[1]);
  }
}
