package dev.thumbnet.engine.backend.cuda;

import dev.thumbnet.engine.backend.cuda.driver.Cudnn;

/** What the elements of an array on the device are. */
enum ElementType {
  /** 32-bit floats. */
  F32(Float.BYTES, "_f32", Cudnn.DATA_FLOAT),

  /** The upper halves of 32-bit floats. */
  BF16(Short.BYTES, "_bf16", Cudnn.DATA_BFLOAT16);

  private final int bytes;
  private final String suffix;
  private final int cudnn;

  ElementType(int bytes, String suffix, int cudnn) {
    this.bytes = bytes;
    this.suffix = suffix;
    this.cudnn = cudnn;
  }

  /** Returns the bytes of an element. */
  int bytes() {
    return bytes;
  }

  /** Returns what the names of kernels for this type end with. */
  String suffix() {
    return suffix;
  }

  /** Returns cuDNN's number of the type. */
  int cudnn() {
    return cudnn;
  }

  /** Returns BF16 if all of these are, otherwise F32, which holds the values of both. */
  static ElementType common(CudaStorage... storages) {
    for (CudaStorage storage : storages) {
      if (storage.element() == F32) {
        return F32;
      }
    }
    return BF16;
  }
}
