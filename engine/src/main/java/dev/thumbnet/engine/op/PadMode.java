package dev.thumbnet.engine.op;

/** What stands around a tensor that is padded by elements of its own. */
public enum PadMode {
  /** The elements inside, mirrored at the outermost ones, which are not repeated: c b | a b c. */
  REFLECT,
  /** The outermost elements: a a | a b c. */
  EDGE
}
