package dev.thumbnet.engine.op.axis;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.Indices;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;

/**
 * y = the chosen elements of x along an axis and the one before it, or a value where none is; dx =
 * the sum of all dy that came from an element.
 */
public final class GatherOp extends Op implements Traceable {
  private final int axis;
  private final GatherProblem problem;
  private final double value;
  private final Shape shape;

  private GatherOp(int axis, GatherProblem problem, double value, Shape shape) {
    this.axis = axis;
    this.problem = problem;
    this.value = value;
    this.shape = shape;
  }

  /** Chooses along one axis. */
  public static Tensor of(Tensor x, int axis, Indices indices, double value) {
    Shape s = x.shape();
    int outer = s.size(0, axis);
    int inner = s.size(axis + 1, s.rank());
    Indices one = Indices.of(0);
    GatherProblem p = new GatherProblem(outer, 1, s.dim(axis), inner, one, indices);
    return new GatherOp(axis, p, value, s.with(axis, indices.size())).apply(x);
  }

  /** Chooses along an axis and the one before it. */
  public static Tensor of(Tensor x, int axis, Indices before, Indices indices, double value) {
    Shape s = x.shape();
    int outer = s.size(0, axis - 1);
    int inner = s.size(axis + 1, s.rank());
    GatherProblem p =
        new GatherProblem(outer, s.dim(axis - 1), s.dim(axis), inner, before, indices);
    Shape shape = s.with(axis, indices.size()).with(axis - 1, before.size());
    return new GatherOp(axis, p, value, shape).apply(x);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return shape;
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    Tensor y = Tensor.empty(in[0].device(), shape);
    backend().gather(problem, value, in[0].storage(), y.storage());
    return y;
  }

  @Override
  protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    Tensor dx = Tensor.empty(y.device(), in[0].shape());
    backend().gatherBackward(problem, dy.storage(), dx.storage());
    return new Tensor[] {dx};
  }

  @Override
  public Action action() {
    return new Action.Gather(axis, problem, value);
  }
}
