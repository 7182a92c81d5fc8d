package dev.thumbnet.engine.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.Unary;
import java.util.List;
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
    assertThat(trace.input().storage()).isSameAs(x.storage());
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
