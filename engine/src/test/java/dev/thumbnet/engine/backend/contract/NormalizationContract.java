package dev.thumbnet.engine.backend.contract;

import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batch normalisation, softmax and cross entropy. */
public interface NormalizationContract extends BackendSource {
  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.Problems#batchNorm")
  default void batchNorms(BatchNormProblem p) {
    NormTrials.batchNorm(p, 0, 1).forEach(t -> t.check(backend()));
  }

  /** E[x²] − E[x]² in single precision would lose all digits of the variance here. */
  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.Problems#batchNorm")
  default void batchNormsFarFromZero(BatchNormProblem p) {
    NormTrials.batchNorm(p, 1000, 1).forEach(t -> t.check(backend()));
  }

  /** With another mean for each channel. */
  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.BlockTrials#batchNorm")
  default void batchNormsAroundBlocks(BatchNormProblem p) {
    BlockTrials.of(p).forEach(t -> t.check(backend()));
  }

  @Property(tries = 30)
  default void randomBatchNorms(
      @ForAll(supplier = RandomProblems.BatchNorm.class) BatchNormProblem p, @ForAll int seed) {
    NormTrials.batchNorm(p, seed % 7, seed).forEach(t -> t.check(backend()));
  }

  @Test
  default void softmaxOfAllSizes() {
    for (int cols : Problems.SIZES) {
      NormTrials.softmax(3, cols, 5, cols).forEach(t -> t.check(backend()));
      NormTrials.softmax(2, cols, 200, cols).forEach(t -> t.check(backend()));
    }
    NormTrials.softmax(257, 10, 5, 1).forEach(t -> t.check(backend()));
    NormTrials.softmax(64, 1000, 20, 1).forEach(t -> t.check(backend()));
  }

  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.BlockTrials#softmax")
  default void softmaxAroundBlocks(int[] size) {
    BlockTrials.softmax(size[0], size[1]).forEach(t -> t.check(backend()));
  }

  @Property(tries = 30)
  default void randomSoftmax(
      @ForAll @IntRange(min = 0, max = 20) int rows,
      @ForAll @IntRange(min = 1, max = 300) int cols,
      @ForAll int seed) {
    NormTrials.softmax(rows, cols, 10, seed).forEach(t -> t.check(backend()));
  }
}
