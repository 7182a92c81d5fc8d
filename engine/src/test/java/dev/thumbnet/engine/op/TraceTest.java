package dev.thumbnet.engine.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.ResizeProblem;
import dev.thumbnet.engine.backend.Unary;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class TraceTest {
  private static final Device REFERENCE = Device.reference();

  @Test
  void listsStepsInTheOrderOfTheirDependences() {
    Tensor x = Tensor.full(REFERENCE, 2, 3);
    Tensor constant = Tensor.full(REFERENCE, 1, 3);
    Trace trace =
        Trace.of(
            t -> {
              Tensor squares = Ops.square(t);
              return Ops.add(squares, Ops.sub(Ops.relu(squares), constant));
            },
            x);
    List<Action> actions = trace.steps().stream().map(Trace.Step::action).toList();
    assertThat(actions)
        .containsExactly(
            new Action.Elementwise(Unary.SQUARE),
            new Action.Elementwise(Unary.RELU),
            new Action.Add(-1),
            new Action.Add(1));
    assertThat(trace.input().isPlaceholder()).isTrue();
    assertThat(trace.input().shape()).isEqualTo(x.shape());
    assertThat(trace.steps().get(0).operands()).containsExactly(trace.input());
    assertThat(trace.steps().get(1).operands()).containsExactly(trace.steps().get(0).result());
    assertThat(trace.steps().get(2).operands())
        .containsExactly(trace.steps().get(1).result(), constant);
    assertThat(trace.steps().get(3).operands())
        .containsExactly(trace.steps().get(0).result(), trace.steps().get(2).result());
    assertThat(trace.output()).isSameAs(trace.steps().get(3).result());
    assertThat(x.requiresGrad()).isFalse();
  }

  @Test
  void isEmptyIfNothingHappens() {
    Trace trace = Trace.of(t -> t, Tensor.zeros(REFERENCE, 3));
    assertThat(trace.steps()).isEmpty();
    assertThat(trace.output()).isSameAs(trace.input());
  }

  @Test
  void takesWhatIsComputedFromConstantsAsAConstant() {
    Tensor parameter = Tensor.full(REFERENCE, 3, 2).requiresGrad(true);
    Trace trace = Trace.of(t -> Ops.add(t, Ops.mul(parameter, 2)), Tensor.zeros(REFERENCE, 2));
    assertThat(trace.steps()).hasSize(1);
    assertThat(trace.steps().getFirst().operands().get(1).toArray()).containsExactly(6, 6);
  }

  @Test
  void givesTheShapesThatAForwardPassGives() {
    Tensor x = Tensor.zeros(REFERENCE, 2, 9, 7, 4);
    Tensor channels = Tensor.full(REFERENCE, 1, 4);
    Tensor kernel = Tensor.full(REFERENCE, 1, 3, 3, 4, 6);
    Tensor matrix = Tensor.full(REFERENCE, 1, 4, 5);
    List<UnaryOperator<Tensor>> passes =
        List.of(
            t -> Ops.conv2d(t, kernel, null, Conv2dOptions.of(2, 1)),
            t -> Ops.linear(t, matrix, null),
            t -> Ops.batchNormEval(t, channels, channels, channels, channels, 1e-5),
            t -> Ops.batchNormReluEval(t, channels, channels, channels, channels, 1e-5),
            Ops::sigmoid,
            t -> Ops.leakyRelu(t, 0.1),
            t -> Ops.clamp(t, channels, channels),
            t -> Ops.add(t, t),
            t -> Ops.addRelu(t, t),
            t -> Ops.maxPool2d(t, 3, 2, 1),
            t -> Ops.avgPool2d(t, 2, 2, 0, true),
            t -> Ops.resize(t, 5, 3, ResizeProblem.Filter.BICUBIC_ANTIALIAS),
            Ops::flatten);
    for (UnaryOperator<Tensor> pass : passes) {
      Tensor traced = Trace.of(pass, x).output();
      assertThat(traced.isPlaceholder()).isTrue();
      assertThat(traced.shape()).isEqualTo(pass.apply(x).shape());
    }
  }

  @Test
  void refusesToLookAtNumbers() {
    Tensor x = Tensor.zeros(REFERENCE, 1, 2);
    assertThatThrownBy(() -> Trace.of(t -> t.item() > 0 ? Ops.relu(t) : t, x))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Trace.of(t -> Ops.mul(t, t.toArray()[0]), x))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("placeholder of shape (1, 2) has no numbers");
  }

  @Test
  void refusesTraining() {
    Tensor x = Tensor.zeros(REFERENCE, 2, 3);
    assertThatThrownBy(() -> Trace.of(t -> Ops.dropout(t, 0.5, new Rng(1)), x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Dropout on (2, 3)");
    Tensor c = Tensor.full(REFERENCE, 1, 3);
    assertThatThrownBy(() -> Trace.of(t -> Ops.batchNormTrain(t, c, c, c, c, 0.1, 1e-5), x))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("eval()");
    try (var _ = Autograd.noGrad()) {
      assertThatThrownBy(() -> Trace.of(Ops::relu, x))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("noGrad()");
    }
  }
}
