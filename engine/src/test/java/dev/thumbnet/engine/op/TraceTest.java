package dev.thumbnet.engine.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Op;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Trace;
import dev.thumbnet.engine.op.trace.Traceable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A trace lists what a forward pass computes, with the shapes that it gives, or says why it cannot.
 */
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

  static List<OpCase> cases() {
    return OpCase.all();
  }

  /** With each input in turn as that of the pass, and the others as constants. */
  @ParameterizedTest
  @MethodSource("cases")
  void givesTheShapesThatAForwardPassGives(OpCase op) {
    Tensor[] inputs = op.tensors(REFERENCE);
    for (int i = 0; i < inputs.length; i++) {
      Tensor x = inputs[i];
      UnaryOperator<Tensor> pass = ofInput(op, i);
      if (op.name().endsWith("train")) {
        assertThatThrownBy(() -> Trace.of(pass, x)).isInstanceOf(IllegalStateException.class);
      } else if (op.name().startsWith("dropout") || op.name().startsWith("crossEntropy")) {
        assertThatThrownBy(() -> Trace.of(pass, x))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("cannot be traced: ");
      } else {
        Tensor traced = Trace.of(pass, x).output();
        assertThat(traced.isPlaceholder()).isTrue();
        assertThat(traced.shape()).isEqualTo(pass.apply(x).shape());
      }
    }
  }

  private static UnaryOperator<Tensor> ofInput(OpCase op, int index) {
    return x -> {
      Tensor[] inputs = op.tensors(REFERENCE);
      inputs[index] = x;
      return op.function().apply(inputs);
    };
  }

  /**
   * An op has a trace, or is one of those that say why not: dropout and losses have no place in
   * inference. Each of the others occurs in a case, so that its shape and its action are tested.
   */
  @Test
  void everyOpHasATraceOrAReason() {
    Set<String> traceable = new HashSet<>();
    Set<String> refusing = new HashSet<>();
    for (JavaClass type : opClasses()) {
      String name = type.getSimpleName().replaceAll("Op$", "");
      (type.isAssignableTo(Traceable.class) ? traceable : refusing).add(name);
    }
    assertThat(refusing).containsExactlyInAnyOrder("Dropout", "CrossEntropy");
    Set<String> traced = new HashSet<>();
    for (OpCase op : OpCase.all()) {
      Tensor[] inputs = op.tensors(REFERENCE);
      inputs[0].requiresGrad(true);
      Autograd.history(op.function().apply(inputs)).forEach(o -> traced.add(o.name()));
    }
    assertThat(traced).containsAll(traceable);
  }

  private static List<JavaClass> opClasses() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.thumbnet.engine")
            .stream()
            .filter(type -> type.isAssignableTo(Op.class) && !type.isEquivalentTo(Op.class))
            .toList();
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
        .hasMessageContaining("Dropout on (2, 3)")
        .hasMessageContaining("eval()");
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
