package dev.thumbnet.engine.backend.reference;

import dev.thumbnet.engine.backend.Conv2dProblem;
import dev.thumbnet.engine.backend.PreparedConvolution;
import dev.thumbnet.engine.backend.Storage;

/** A convolution, a sum and a maximum, one after the other. */
record ReferencePreparedConvolution(
    ReferenceBackend backend, Conv2dProblem problem, double[] weight, double[] bias, boolean relu)
    implements PreparedConvolution {

  @Override
  public Runnable bind(int n, Storage x, Storage residual, Storage y) {
    Conv2dProblem p = problem.withBatch(n);
    double[] from = backend.data("prepare", "x", x, p.inputSize());
    double[] added = backend.dataOrNull("prepare", "residual", residual, p.outputSize());
    double[] to = backend.data("prepare", "y", y, p.outputSize());
    double[] sums = new double[p.outputSize()];
    return () -> {
      Convolution.forward(p, from, weight, bias, sums);
      for (int i = 0; i < sums.length; i++) {
        double sum = added == null ? sums[i] : sums[i] + added[i];
        to[i] = relu && sum < 0 ? 0 : sum;
      }
    };
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
