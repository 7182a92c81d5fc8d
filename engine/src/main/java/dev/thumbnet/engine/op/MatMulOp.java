package dev.thumbnet.engine.op;

import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.GemmProblem;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Traceable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** y = a · b for each pair of matrices in the last two axes; da = dy · bᵀ, db = aᵀ · dy. */
final class MatMulOp extends Op implements Traceable {
  private final int batch;
  private final int m;
  private final int n;
  private final int k;

  private MatMulOp(int batch, int m, int n, int k) {
    this.batch = batch;
    this.m = m;
    this.n = n;
    this.k = k;
  }

  static Tensor of(Tensor a, Tensor b) {
    Shape left = a.shape();
    Shape right = b.shape();
    if (left.rank() < 2 || right.rank() < 2 || left.dim(-1) != right.dim(-2)) {
      throw new IllegalArgumentException(
          "matmul: the last two axes of " + left + " and " + right + " must be (m, k) and (k, n)");
    }
    if (right.rank() == 2) {
      return LinearOp.of(a, b, null); // of one matrix for all, plans prepare the layout
    }
    Shape batches = Axes.broadcastShape("matmul", batches(left), batches(right));
    Tensor x = Axes.expand(a, joined(batches, left.dim(-2), left.dim(-1)));
    Tensor y = Axes.expand(b, joined(batches, right.dim(-2), right.dim(-1)));
    return new MatMulOp(batches.size(), left.dim(-2), right.dim(-1), left.dim(-1)).apply(x, y);
  }

  private static Shape batches(Shape shape) {
    return Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - 2));
  }

  private static Shape joined(Shape batches, int rows, int columns) {
    int[] dims = Arrays.copyOf(batches.toArray(), batches.rank() + 2);
    dims[dims.length - 2] = rows;
    dims[dims.length - 1] = columns;
    return Shape.of(dims);
  }

  @Override
  protected Shape shape(Tensor[] in) {
    return in[0].shape().with(-1, n);
  }

  @Override
  protected Tensor forward(Tensor[] in) {
    return product(new GemmProblem(m, n, k, false, false), in[0], in[1], shape(in));
  }

  @Override
  protected @Nullable Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
    GemmProblem ofA = new GemmProblem(m, k, n, false, true);
    GemmProblem ofB = new GemmProblem(k, n, m, true, false);
    return new @Nullable Tensor[] {
      wantsGrad(0) ? product(ofA, dy, in[1], in[0].shape()) : null,
      wantsGrad(1) ? product(ofB, in[0], dy, in[1].shape()) : null
    };
  }

  private Tensor product(GemmProblem p, Tensor a, Tensor b, Shape shape) {
    Tensor product = Tensor.empty(a.device(), shape);
    backend().matmul(batch, p, a.storage(), b.storage(), product.storage());
    return product;
  }

  @Override
  public Action action() {
    return new Action.MatMul(batch, new GemmProblem(m, n, k, false, false));
  }
}
