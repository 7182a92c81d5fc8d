package dev.thumbnet.engine.backend.contract;

import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pooling and resizing. */
public interface PoolingContract extends BackendSource {

  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.Problems#smallPool")
  default void pools(PoolProblem p) {
    SpatialTrials.pool(p, 1).forEach(t -> t.check(backend()));
  }

  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.BlockTrials#pool")
  default void poolsAroundBlocks(PoolProblem p) {
    BlockTrials.of(p).forEach(t -> t.check(backend()));
  }

  @Property(tries = 40)
  default void randomPools(
      @ForAll(supplier = RandomProblems.Pool.class) PoolProblem p, @ForAll int seed) {
    SpatialTrials.pool(p, seed).forEach(t -> t.check(backend()));
  }

  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.Problems#resize")
  default void resizes(ResizeProblem p) {
    SpatialTrials.resize(p, 1).forEach(t -> t.check(backend()));
  }

  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.BlockTrials#resize")
  default void resizesAroundBlocks(ResizeProblem p) {
    BlockTrials.of(p).forEach(t -> t.check(backend()));
  }

  @Property(tries = 40)
  default void randomResizes(
      @ForAll(supplier = RandomProblems.Resize.class) ResizeProblem p, @ForAll int seed) {
    SpatialTrials.resize(p, seed).forEach(t -> t.check(backend()));
  }
}
