package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.CheckedBackend;

/**
 * The oracle: plain loops in double precision on one thread. Elements of a new storage are NaN, so
 * that code which relies on undefined contents is found out. Safe for use from any thread; {@link
 * #close} has nothing to end.
 */
public final class ReferenceBackend extends CheckedBackend<ReferenceStorage> {
  /** Makes the backend. */
  public ReferenceBackend() {
    this(new ReferencePrimitives());
  }

  private ReferenceBackend(ReferencePrimitives primitives) {
    super(primitives, primitives);
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String describe() {
    return "reference: plain loops in double precision, 1 thread";
  }

  @Override
  public void close() {}
}
