package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.PreparedConvolution;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import org.jspecify.annotations.Nullable;

/** A convolution, a sum and an activation function, one after the other. */
record ReferencePreparedConvolution(
    Conv2dProblem problem,
    boolean transposed,
    double[] weight,
    double @Nullable [] bias,
    @Nullable Unary activation)
    implements PreparedConvolution<ReferenceStorage> {

  @Override
  public Runnable bind(
      int n, ReferenceStorage x, @Nullable ReferenceStorage residual, ReferenceStorage y) {
    Conv2dProblem p = problem.withBatch(n);
    double[] from = x.data();
    double[] added = residual == null ? null : residual.data();
    double[] to = y.data();
    double[] sums = new double[transposed ? p.inputSize() : p.outputSize()];
    return () -> {
      convolve(p, from, sums);
      for (int i = 0; i < sums.length; i++) {
        to[i] = added == null ? sums[i] : sums[i] + added[i];
      }
      if (activation != null) {
        Elementwise.unary(activation, sums.length, to, to);
      }
    };
  }

  private void convolve(Conv2dProblem p, double[] from, double[] sums) {
    if (!transposed) {
      Convolution.forward(p, from, weight, bias, sums);
      return;
    }
    Convolution.backwardData(p, from, weight, sums);
    for (int i = 0; bias != null && i < sums.length; i++) {
      sums[i] += bias[i % bias.length];
    }
  }

  @Override
  public String algorithm() {
    return "reference";
  }

  @Override
  public long weightBytes() {
    return (long) Double.BYTES * weight.length;
  }
}
