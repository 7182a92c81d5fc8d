package dev.thumbnet.engine.backend.contract;

import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Elementwise functions, broadcasts, sums and optimisers. */
public interface ElementwiseContract extends BackendSource {
  @Test
  default void elementwiseOfAllSizes() {
    for (int size : Problems.SIZES) {
      ElementTrials.elementwise(size, size).forEach(t -> t.check(backend()));
    }
    // Long enough to be shared out among threads.
    ElementTrials.elementwise(100_003, 5).forEach(t -> t.check(backend()));
  }

  @Property(tries = 20)
  default void randomElementwise(
      @ForAll @IntRange(min = 0, max = 5000) int length, @ForAll int seed) {
    ElementTrials.elementwise(length, seed).forEach(t -> t.check(backend()));
  }

  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.BlockTrials#lengths")
  default void elementwiseAroundBlocks(int length) {
    BlockTrials.elementwise(length).forEach(t -> t.check(backend()));
  }

  /** From the smallest to the largest floats, both signs, and close to where functions bend. */
  @ParameterizedTest
  @EnumSource(Unary.class)
  default void functionsOverTheWholeRange(Unary f) {
    int count = 20_000;
    double[] x = new double[2 * count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) Math.scalb(1 + (double) i / count, -126 + 252 * i / count);
      x[count + i] = -100 + 200.0 * i / count;
      x[count + i] = (float) (i % 3 == 0 ? 1 + x[count + i] * 1e-4 : x[count + i]);
    }
    double[] negative = x.clone();
    for (int i = 0; i < x.length; i++) {
      negative[i] = -x[i];
    }
    ElementTrials.unary(f, x).check(backend());
    ElementTrials.unary(f, negative).check(backend());
  }

  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.Problems#axis")
  default void broadcastsAndSums(AxisProblem p) {
    ElementTrials.axis(p, 1).forEach(t -> t.check(backend()));
  }

  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.BlockTrials#axis")
  default void broadcastsAndSumsAroundBlocks(AxisProblem p) {
    BlockTrials.of(p).forEach(t -> t.check(backend()));
  }

  @Property(tries = 30)
  default void randomBroadcastsAndSums(
      @ForAll(supplier = RandomProblems.Axis.class) AxisProblem p, @ForAll int seed) {
    ElementTrials.axis(p, seed).forEach(t -> t.check(backend()));
  }

  @Test
  default void optimizersOfAllSizes() {
    for (int size : Problems.SIZES) {
      ElementTrials.optimizers(size, size).forEach(t -> t.check(backend()));
    }
    ElementTrials.optimizers(100_003, 5).forEach(t -> t.check(backend()));
  }

  @Test
  default void copiesOfRows() {
    for (int size : Problems.SIZES) {
      ElementTrials.copyRows(5, size, 3, size + 2, 1, 2 * size, 1).check(backend());
      ElementTrials.copyRows(size, 3, 0, 3, 7, 5, 1).check(backend());
    }
    // A stride of zero repeats one row.
    ElementTrials.copyRows(4, 3, 2, 0, 0, 3, 1).check(backend());
    ElementTrials.copyRows(300, 1000, 0, 1000, 0, 1100, 1).check(backend());
  }
}
