package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Shape;

/**
 * Adds up what a forward pass costs, by shapes alone. Multiply-adds of convolutions and linear
 * layers count, those of normalisation, activation, pooling and resampling do not.
 */
public final class CostCounter {
  private long macs;
  private int largestActivation;

  /** Starts at zero. */
  public CostCounter() {}

  /**
   * Counts one layer.
   *
   * @param layerMacs its multiply-adds
   * @param output the shape of its result
   * @return {@code output}
   */
  public Shape layer(long layerMacs, Shape output) {
    macs += layerMacs;
    largestActivation = Math.max(largestActivation, output.size());
    return output;
  }

  /** Returns the multiply-adds so far. */
  public long macs() {
    return macs;
  }

  /** Returns the number of elements of the largest result of a layer so far. */
  public int largestActivation() {
    return largestActivation;
  }
}
