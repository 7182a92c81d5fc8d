package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.PreparedConvolution;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.op.trace.Action;
import java.util.ArrayList;
import java.util.List;

/** One step of a plan. The optimiser changes steps until they are what runs. */
final class Step {
  /** What is computed; for {@link #convolution} without what was folded into it. */
  final Action action;

  /** What it is computed from, without weights; a residual last. */
  final List<Value> inputs;

  /** The result. */
  Value output;

  /** The shape of a convolution or of a linear layer, which is one of 1x1 pixels; else null. */
  final Conv2dProblem convolution;

  /** Weights of a convolution (kh, kw, c, k). */
  Tensor weight;

  /** What each output channel of them is multiplied by, for the normalisation that follows. */
  double[] factors;

  /** Bias of a convolution (k) with the normalisation that follows, or null. */
  Tensor bias;

  /** Factors of a normalisation that is a step of its own; else null. */
  Tensor scale;

  /** What such a normalisation adds. */
  Tensor shift;

  /** Whether the last input of a convolution is added to its result. */
  boolean addsResidual;

  /** Whether max(·, 0) of the result of a convolution is taken. */
  boolean relu;

  /** The convolution, once it is ready. */
  PreparedConvolution<Storage> prepared;

  Step(Action action, Conv2dProblem convolution, List<Value> inputs, Value output) {
    this.action = action;
    this.convolution = convolution;
    this.inputs = new ArrayList<>(inputs);
    this.output = output;
    output.producer = this;
  }

  boolean isConvolution() {
    return convolution != null;
  }

  /** Tells whether the result is the input under another shape. */
  boolean sharesMemory() {
    return action instanceof Action.Reshape;
  }

  /** Takes over the result of a step that becomes part of this one. */
  void absorb(Step next) {
    output = next.output;
    output.producer = this;
  }

  /** Returns the multiply-adds of convolutions for a picture. */
  long macsPerPicture() {
    return isConvolution() ? convolution.withBatch(1).macs() : 0;
  }
}
