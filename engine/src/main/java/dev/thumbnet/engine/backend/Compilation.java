package dev.thumbnet.engine.backend;

import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a backend does for work that is repeated on the same storages, as compiled inference does:
 * weights are prepared once, passes and whole sequences of steps are tied to their operands.
 *
 * @param <S> the storages, see {@link Primitives}
 */
public interface Compilation<S extends Storage> {
  /**
   * Prepares a convolution for inference.
   *
   * @param p its shape, with the largest number of pictures
   * @param weight is copied
   * @param bias k elements; is copied
   * @param activation what is taken of results in the end
   * @param format how the copy of the weights may be kept
   */
  PreparedConvolution<S> prepare(
      Conv2dProblem p, S weight, @Nullable S bias, @Nullable Unary activation, WeightFormat format);

  /**
   * Prepares a transposed convolution for inference: it takes (n, outH, outW, k), as {@link
   * Primitives#conv2dBackwardData} takes dy, to (n, h, w, c).
   *
   * @param p the convolution that is transposed, with the largest number of pictures
   * @param weight is copied
   * @param bias c elements; is copied
   * @param activation what is taken of results in the end
   * @param format how the copy of the weights may be kept
   */
  PreparedConvolution<S> prepareTransposed(
      Conv2dProblem p, S weight, @Nullable S bias, @Nullable Unary activation, WeightFormat format);

  /**
   * Ties one pass to its operands, with everything that depends on its problem worked out.
   *
   * @param pass calls one method of its argument, now or whenever the result is run
   * @return does what the call does, on the same storages, as often as it is run, in one thread at
   *     a time; statistics and factors of normalisation may be read now once and for all
   */
  Runnable bind(Consumer<Passes<S>> pass);

  /**
   * Returns what repeats the steps; a GPU may replay them as one graph instead of carrying them
   * out. So they must do the same each time: the same calls with the same numbers on the same
   * storages, or on storages that they allocate and release themselves, without copies from or to
   * the host and without labels. Storages that were there before must live as long as the result is
   * used. What is returned is run in one thread at a time.
   *
   * @param steps calls of this backend
   * @return does what the steps do, as often as it is run
   */
  default Runnable record(Runnable steps) {
    return steps;
  }
}
