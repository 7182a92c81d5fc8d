package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Tensor;
import org.jspecify.annotations.Nullable;

/** A tensor that is learnt: a leaf of the graph that wants a gradient, and what it is for. */
public final class Parameter {
  /** What a parameter does in its layer, by which optimisers may treat it differently. */
  public enum Kind {
    /** A weight of a convolution or linear layer. */
    WEIGHT,
    /** A bias that is added. */
    BIAS,
    /** Scale or shift of a normalisation. */
    NORMALIZATION
  }

  private final Tensor tensor;
  private final Kind kind;
  private @Nullable Tensor substitute;

  /**
   * Makes a parameter of a leaf, which is kept out of any scope and from now on wants gradients.
   */
  public Parameter(Tensor tensor, Kind kind) {
    this.tensor = tensor.keep().requiresGrad(true);
    this.kind = kind;
  }

  /**
   * Returns the numbers, which optimisers change in place; during {@link Module#forwardWith} what
   * it was given instead.
   */
  public Tensor tensor() {
    Tensor other = substitute;
    return other == null ? tensor : other;
  }

  /** Lets another tensor be this parameter for a while; null ends it. */
  void substitute(@Nullable Tensor other) {
    substitute = other;
  }

  /** Returns what the parameter does. */
  public Kind kind() {
    return kind;
  }

  @Override
  public String toString() {
    return kind + " " + tensor.shape();
  }
}
