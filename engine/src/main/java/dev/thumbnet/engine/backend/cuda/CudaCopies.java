package dev.thumbnet.engine.backend.cuda;

import static dev.thumbnet.engine.backend.cuda.ElementType.BF16;
import static dev.thumbnet.engine.backend.cuda.ElementType.F32;

import dev.thumbnet.engine.backend.problem.TransposeProblem;
import java.util.Arrays;

/** Copies between host and device and on the device. */
final class CudaCopies {
  private final CudaQueue queue;

  CudaCopies(CudaQueue queue) {
    this.queue = queue;
  }

  void upload(float[] source, int sourceOffset, CudaStorage target, int targetOffset, int length) {
    long to = floats(target, targetOffset, length);
    if (length > 0) {
      queue.runtime().staging().upload(source, sourceOffset, to, length);
    }
  }

  void upload(double[] source, int sourceOffset, CudaStorage target, int targetOffset, int length) {
    long to = floats(target, targetOffset, length);
    if (length > 0) {
      queue.runtime().staging().upload(source, sourceOffset, to, length);
    }
  }

  /** Returns the address of elements that will be overwritten with floats; others stay. */
  private long floats(CudaStorage target, int offset, int length) {
    boolean whole = length == target.length();
    long start = whole ? queue.write(target, F32) : queue.update(target);
    return start + (long) offset * Float.BYTES;
  }

  void download(
      CudaStorage source, int sourceOffset, float[] target, int targetOffset, int length) {
    if (length > 0) {
      long from = queue.read(source, sourceOffset + length, F32);
      queue
          .runtime()
          .staging()
          .download(from + (long) sourceOffset * Float.BYTES, target, targetOffset, length);
    }
  }

  void download(
      CudaStorage source, int sourceOffset, double[] target, int targetOffset, int length) {
    if (length > 0) {
      long from = queue.read(source, sourceOffset + length, F32);
      queue
          .runtime()
          .staging()
          .download(from + (long) sourceOffset * Float.BYTES, target, targetOffset, length);
    }
  }

  void fill(CudaStorage target, int length, double value) {
    ElementType type = length == target.length() ? F32 : target.element();
    queue.launch(
        "fill" + type.suffix(), length, length, CudaQueue.real(value), queue.write(target, type));
  }

  void rows(
      int rows,
      int rowLength,
      CudaStorage source,
      int sourceOffset,
      int sourceStride,
      CudaStorage target,
      int targetOffset,
      int targetStride) {
    if (rows == 0 || rowLength == 0) {
      return;
    }
    boolean oneRun = rows == 1 || sourceStride == rowLength && targetStride == rowLength;
    boolean whole = oneRun && (long) rows * rowLength == target.length();
    ElementType type = typeOfRows(source, target, whole);
    int end = sourceOffset + (rows - 1) * sourceStride + rowLength;
    long from = queue.read(source, end, type) + (long) sourceOffset * type.bytes();
    long to = whole || type == BF16 ? queue.write(target, type) : queue.update(target);
    to += (long) targetOffset * type.bytes();
    if (oneRun) {
      queue.copy(from, to, (long) rows * rowLength * type.bytes());
    } else {
      queue.launch(
          "copy_rows" + type.suffix(),
          (long) rows * rowLength,
          rows,
          rowLength,
          from,
          sourceStride,
          to,
          targetStride);
    }
  }

  /** BF16 if that loses nothing: neither of the source nor of what stays in the target. */
  private static ElementType typeOfRows(CudaStorage source, CudaStorage target, boolean whole) {
    boolean free = whole || !target.written() || target.element() == BF16;
    return source.element() == BF16 && free ? BF16 : F32;
  }

  /** Axes in another order; those that there are not have one element. */
  void transpose(TransposeProblem problem, CudaStorage x, CudaStorage y) {
    TransposeProblem p = problem.simplest();
    ElementType type = x.element();
    int missing = TransposeProblem.MOST_AXES - p.axes().size();
    int[] strides = p.strides();
    long[] arguments = new long[1 + 2 * TransposeProblem.MOST_AXES + 2];
    Arrays.fill(arguments, 1);
    arguments[0] = p.size();
    for (int i = 0; i < strides.length; i++) {
      arguments[1 + missing + i] = p.extents().get(p.axes().get(i));
      arguments[1 + TransposeProblem.MOST_AXES + missing + i] = strides[p.axes().get(i)];
    }
    arguments[arguments.length - 2] = queue.read(x, p.size(), type);
    arguments[arguments.length - 1] = queue.write(y, type);
    queue.launch("permute" + type.suffix(), p.size(), arguments);
  }
}
