package dev.thumbnet.engine.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * What cuDNN says of one algorithm for a convolution.
 *
 * @param algorithm its number, to be passed on
 * @param status 0 if it can be used
 * @param workspace bytes it needs
 * @param deterministic whether it gives the same bits in each run
 * @param mathType the arithmetic to set in the descriptor of the convolution before it runs
 */
public record CudnnAlgorithm(
    int algorithm, int status, long workspace, boolean deterministic, int mathType) {
  /** cudnnConvolution*AlgoPerf_t, the same in the three directions. */
  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_INT.withName("algo"),
          JAVA_INT.withName("status"),
          JAVA_FLOAT.withName("time"),
          MemoryLayout.paddingLayout(4),
          JAVA_LONG.withName("memory"),
          JAVA_INT.withName("determinism"),
          JAVA_INT.withName("mathType"),
          MemoryLayout.sequenceLayout(3, JAVA_INT).withName("reserved"),
          MemoryLayout.paddingLayout(4));

  /** Reads the first of the structures that cuDNN wrote one after the other. */
  static List<CudnnAlgorithm> read(MemorySegment structures, int count) {
    List<CudnnAlgorithm> algorithms = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      algorithms.add(read(structures.asSlice(i * LAYOUT.byteSize(), LAYOUT)));
    }
    return algorithms;
  }

  private static CudnnAlgorithm read(MemorySegment structure) {
    return new CudnnAlgorithm(
        structure.get(JAVA_INT, offset("algo")),
        structure.get(JAVA_INT, offset("status")),
        structure.get(JAVA_LONG, offset("memory")),
        structure.get(JAVA_INT, offset("determinism")) == 1,
        structure.get(JAVA_INT, offset("mathType")));
  }

  private static long offset(String field) {
    return LAYOUT.byteOffset(PathElement.groupElement(field));
  }

  /** Tells whether the algorithm can be used at all. */
  public boolean usable() {
    return status == 0;
  }
}
