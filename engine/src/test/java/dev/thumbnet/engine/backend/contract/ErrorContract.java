package dev.thumbnet.engine.backend.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.backend.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Wrong storages give an error that names the method, and nothing is written. */
public interface ErrorContract extends BackendSource {
  @Test
  default void refusesShortStorages() {
    refuses("short", s -> backend().allocate(s.length() - 1));
  }

  @Test
  default void saysHowMuchIsMissing() {
    Storage three = backend().allocate(3);
    assertThatThrownBy(() -> backend().multiply(4, three, three, three))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("multiply")
        .hasMessageContaining("has 3 elements, but 4 are needed");
  }

  @Test
  default void refusesMatricesOfNoSize() {
    Storage three = backend().allocate(3);
    for (int[] size : new int[][] {{-1, 3}, {1 << 16, 1 << 16}}) {
      assertThatThrownBy(() -> backend().softmax(size[0], size[1], three, three))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("softmax");
    }
  }

  /** Of x and y a derivative uses one; the other need not be there, see {@link Unary}. */
  @Test
  default void namesTheOperandOfADerivativeThatIsMissing() {
    Storage three = backend().allocate(3);
    assertThatThrownBy(() -> backend().unaryBackward(Unary.RELU, 3, three, null, three, three))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unaryBackward: y");
  }

  @Test
  default void refusesReleasedStorages() {
    refuses(
        "released",
        s -> {
          backend().release(s);
          return s;
        });
  }

  @Test
  default void refusesStoragesOfOthers() {
    Backend other = new ReferenceBackend();
    refuses("foreign", s -> other.allocate(s.length()));
    try (Backend twin = make(1)) {
      refuses("foreign of the same kind", s -> twin.allocate(s.length()));
    }
  }

  @Test
  default void refusesMissingStorages() {
    refuses("missing", s -> null);
  }

  private void refuses(String fault, UnaryOperator<Storage> spoil) {
    for (Trial trial : Trials.everything()) {
      int count = trial.inputs().length + trial.outputs().length;
      for (int wrong = 0; wrong < count; wrong++) {
        if (fault.equals("missing") && mayBeMissing(trial, wrong)) {
          continue;
        }
        Storage[] all = new Storage[count];
        for (int i = 0; i < count; i++) {
          int inputs = trial.inputs().length;
          int length = i < inputs ? trial.inputs()[i].length : trial.outputs()[i - inputs];
          all[i] = backend().allocate(length);
          backend().fill(all[i], length, 0.5);
        }
        all[wrong] = spoil.apply(all[wrong]);
        assertThatThrownBy(
                () ->
                    trial
                        .call()
                        .run(
                            backend(),
                            Arrays.copyOf(all, trial.inputs().length),
                            Arrays.copyOfRange(all, trial.inputs().length, count)))
            .as("%s, %s storage %d", trial, fault, wrong)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(trial.method());
        for (int i = 0; i < count; i++) {
          if (i != wrong) {
            double[] values = new double[all[i].length()];
            backend().download(all[i], 0, values, 0, values.length);
            assertThat(Arrays.stream(values).allMatch(v -> v == 0.5))
                .as("%s, %s storage %d: storage %d was written", trial, fault, wrong, i)
                .isTrue();
            backend().release(all[i]);
          }
        }
      }
    }
  }

  /** A bias and unwanted gradients may be left out. */
  private static boolean mayBeMissing(Trial trial, int argument) {
    return switch (trial.method()) {
      case "conv2d", "gemm" -> argument == 2 && trial.inputs().length == 3;
      case "prepare", "prepareTransposed" ->
          argument == 2 || argument == 3 && trial.inputs().length == 4;
      case "batchNormBackward" -> argument >= trial.inputs().length;
      default -> false;
    };
  }

  @Test
  default void refusesLabelsOutsideTheClasses() {
    Backend b = backend();
    Storage logits = b.allocate(6);
    Storage probabilities = b.allocate(6);
    Storage loss = b.allocate(2);
    b.fill(logits, 6, 0);
    b.fill(probabilities, 6, 0);
    for (int[] labels : new int[][] {{0, 3}, {-1, 0}, {1}}) {
      assertThatThrownBy(() -> b.crossEntropy(2, 3, logits, labels, 0, probabilities, loss))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("crossEntropy")
          .hasMessageContaining("label");
      assertThatThrownBy(() -> b.crossEntropyBackward(2, 3, probabilities, labels, 0, 1, logits))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("crossEntropyBackward");
    }
  }
}
