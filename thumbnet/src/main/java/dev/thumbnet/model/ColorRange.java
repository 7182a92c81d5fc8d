package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;

/**
 * The darkest and brightest values that the colours of a picture can have, once normalised.
 *
 * @param low of red, green and blue
 * @param high of red, green and blue
 */
public record ColorRange(float[] low, float[] high) {
  /**
   * Checks the numbers and copies them.
   *
   * @throws IllegalArgumentException unless there are three of each, {@code low} below {@code high}
   */
  public ColorRange {
    boolean ok = low.length == 3 && high.length == 3;
    for (int c = 0; ok && c < 3; c++) {
      ok = low[c] < high[c];
    }
    if (!ok) {
      throw new IllegalArgumentException(
          "a range of colours needs three numbers and three greater ones");
    }
    low = low.clone();
    high = high.clone();
  }

  Tensor lowOn(Device device) {
    return Tensor.of(device, low, 3);
  }

  Tensor highOn(Device device) {
    return Tensor.of(device, high, 3);
  }
}
