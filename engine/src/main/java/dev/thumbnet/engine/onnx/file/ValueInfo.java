package dev.thumbnet.engine.onnx.file;

/**
 * What a graph says of an input or output.
 *
 * @param name of the value
 * @param type of its elements, by the format's name
 * @param isFloat whether they are floating-point numbers
 * @param dims extents, {@link #FREE} where any will do
 * @param ranked whether the shape is known at all
 */
public record ValueInfo(String name, String type, boolean isFloat, int[] dims, boolean ranked) {
  /** An extent that the file leaves open. */
  public static final int FREE = -1;

  /** More axes than any network's values have. */
  public static final int MOST_AXES = 16;
}
