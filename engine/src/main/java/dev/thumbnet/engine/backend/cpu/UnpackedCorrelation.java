package dev.thumbnet.engine.backend.cpu;

/** What an algorithm computes from weights as they are, with the epilogue as a pass of its own. */
record UnpackedCorrelation(CorrelationAlgorithm algorithm, CpuStorage weight, CpuStorage bias)
    implements FixedCorrelation {

  @Override
  public Runnable bind(Correlation c, CpuStorage x, Epilogue epilogue) {
    CpuStorage y = epilogue.y();
    // If results are added to, they must not be overwritten first.
    boolean inPlace = epilogue.residual() != null && epilogue.residual().array == y.array;
    CpuStorage results = inPlace ? y.like() : y;
    int length = c.n * c.outH * c.outW * c.outC;
    return () -> {
      algorithm.run(c, x, weight, bias, results);
      if (!epilogue.none()) {
        epilogue.store(length, results.array, results.offset, y.offset);
      }
    };
  }

  @Override
  public long weightBytes() {
    return (long) Float.BYTES * weight.length();
  }
}
