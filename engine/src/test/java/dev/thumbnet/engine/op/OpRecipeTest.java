package dev.thumbnet.engine.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.onnx.Onnx;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Trace;
import dev.thumbnet.engine.op.trace.Traceable;
import dev.thumbnet.engine.plan.Plan;
import dev.thumbnet.engine.testing.FunctionModule;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The recipe "Adding an op" of ARCHITECTURE.md, followed with toys: one that is composed of a
 * primitive and an action that are there, and one that has no place in inference.
 */
final class OpRecipeTest {
  /** y = 1 − x; dx = −dy. */
  private static final class ComplementOp extends Op implements Traceable {
    static Tensor of(Tensor x) {
      return new ComplementOp().apply(x);
    }

    @Override
    protected Shape shape(Tensor[] in) {
      return in[0].shape();
    }

    @Override
    protected Tensor forward(Tensor[] in) {
      Tensor y = Tensor.empty(in[0].device(), shape(in));
      backend().affine(y.size(), -1, in[0].storage(), 1, y.storage());
      return y;
    }

    @Override
    protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
      Tensor dx = Tensor.empty(dy.device(), dy.shape());
      backend().affine(dy.size(), -1, dy.storage(), 0, dx.storage());
      return new Tensor[] {dx};
    }

    @Override
    public Action action() {
      return new Action.Affine(-1, 1);
    }
  }

  /** Hands x on and says why it cannot be traced. */
  private static final class OnlyTrainingOp extends Op {
    static Tensor of(Tensor x) {
      return new OnlyTrainingOp().apply(x);
    }

    @Override
    protected Shape shape(Tensor[] in) {
      throw new IllegalArgumentException(name() + " cannot be traced: it is a toy");
    }

    @Override
    protected Tensor forward(Tensor[] in) {
      return in[0].copy();
    }

    @Override
    protected Tensor[] backward(Tensor[] in, Tensor y, Tensor dy) {
      return new Tensor[] {dy};
    }
  }

  private static final OpCase CASE =
      new OpCase(
          "complement",
          in -> ComplementOp.of(in[0]),
          List.of(new OpCase.Input(Shape.of(2, 3, 5), OpCase.Draw.SIGNED)));

  @Test
  void theTableOfOpsChecksItsGradients() {
    OpGradientTest gradients = new OpGradientTest();
    gradients.gradientsEqualCentralDifferences(CASE);
    gradients.gradientsOfSomeInputsAreThoseOfAll(CASE);
    new CpuAgreesTest().resultsAndGradientsAgreeWithTheReference(CASE);
    new TraceTest().givesTheShapesThatAForwardPassGives(CASE);
  }

  @Test
  void isPartOfAPlan() {
    FunctionModule net = new FunctionModule(x -> Ops.mul(x, ComplementOp.of(Ops.sigmoid(x))));
    Tensor x = Tensor.of(Device.cpu(), new float[] {-1, 0, 2, 3, -4, 5}, 2, 3);
    Plan plan = Plan.compile(net, Device.cpu(), Shape.of(2, 3));
    assertThat(plan.run(x).toArray()).containsExactly(net.forward(x).toArray());
  }

  @Test
  void isPartOfAnOnnxGraph() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    Onnx.write(new FunctionModule(ComplementOp::of), Tensor.zeros(Device.cpu(), 1, 2, 2, 3), file);
    assertThat(file.toString(StandardCharsets.ISO_8859_1)).contains("Mul", "Add");
  }

  @Test
  void whatHasNoPlaceInInferenceSaysWhy() {
    Tensor x = Tensor.full(Device.reference(), 1, 2, 3);
    GradientCheck.check(in -> OnlyTrainingOp.of(in[0]), x);
    assertThatThrownBy(() -> Trace.of(OnlyTrainingOp::of, x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("it is a toy");
  }
}
