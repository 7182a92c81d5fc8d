package dev.thumbnet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.thumbnet.engine.op.Ops;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What the graph does: accumulate, share, refuse, and free. */
final class AutogradTest {
  private static final Device DEVICE = Device.reference();

  private static Tensor leaf(double... values) {
    return Tensor.of(DEVICE, values, values.length).requiresGrad(true);
  }

  @Test
  void backwardPassesAddUp() {
    Tensor x = leaf(3);
    Ops.square(x).backward();
    Ops.square(x).backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(12);
    x.zeroGrad();
    assertThat(x.grad()).isNull();
    Ops.square(x).backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(6);
  }

  @Test
  void severalUsesOfATensorAddUp() {
    Tensor x = leaf(3);
    Tensor y = Ops.square(x);
    Ops.add(Ops.mul(y, x), Ops.add(y, x)).backward(); // x³ + x² + x
    assertThat(x.grad().toDoubleArray()).containsExactly(27 + 6 + 1);
  }

  /** An addition hands one gradient to both inputs; the leaves must not share its memory. */
  @Test
  void leavesDoNotShareAGradient() {
    Tensor a = leaf(1);
    Tensor b = leaf(2);
    Tensor sum = Ops.add(a, b);
    Ops.add(sum, a).backward();
    assertThat(a.grad().toDoubleArray()).containsExactly(2);
    assertThat(b.grad().toDoubleArray()).containsExactly(1);
    a.zeroGrad();
    assertThat(b.grad().toDoubleArray()).containsExactly(1);
    Ops.mul(b, 5).backward();
    assertThat(b.grad().toDoubleArray()).containsExactly(6);
  }

  @Test
  void theGradientGivenByTheCallerIsNotTouched() {
    Tensor a = leaf(1, 2);
    Tensor b = leaf(3, 4);
    Tensor seed = Tensor.of(DEVICE, new double[] {1, 10}, 2);
    Ops.add(a, b).backward(seed);
    a.grad().copyFrom(new double[] {7, 7});
    assertThat(seed.toDoubleArray()).containsExactly(1, 10);
    assertThat(b.grad().toDoubleArray()).containsExactly(1, 10);
  }

  @Test
  void onlyLeavesThatAskGetAGradient() {
    Tensor x = leaf(2);
    Tensor constant = Tensor.of(DEVICE, new double[] {5}, 1);
    Tensor y = Ops.mul(x, constant);
    Ops.square(y).backward();
    assertThat(x.grad()).isNotNull();
    assertThat(constant.grad()).isNull();
    assertThat(y.grad()).isNull();
  }

  @Test
  void detachCutsTheGraph() {
    Tensor x = leaf(3);
    Tensor y = Ops.square(x);
    Ops.mul(x, y.detach()).backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(9);
  }

  @Test
  void tenThousandOpsDeep() {
    Tensor x = leaf(1);
    Tensor y = x;
    for (int i = 0; i < 10_000; i++) {
      y = Ops.add(y, x);
    }
    y.backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(10_001);
  }

  @Test
  void aGraphWorksOnce() {
    Tensor x = leaf(3);
    Tensor shared = Ops.square(x);
    Tensor first = Ops.mul(shared, 2);
    Tensor second = Ops.mul(shared, 3);
    first.backward();
    assertThatIllegalStateException()
        .isThrownBy(first::backward)
        .withMessageContaining("freed by an earlier backward()");
    assertThatIllegalStateException()
        .isThrownBy(second::backward)
        .withMessageContaining("run the forward pass again");
  }

  @Test
  void backwardNeedsAScalarOrAGradientThatFits() {
    Tensor x = leaf(1, 2);
    Tensor y = Ops.square(x);
    assertThatIllegalStateException().isThrownBy(y::backward).withMessageContaining("(2)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> y.backward(Tensor.zeros(DEVICE, 3)))
        .withMessageContaining("(3)");
  }

  @Test
  void backwardNeedsAHistory() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Ops.square(Tensor.scalar(DEVICE, 1)).backward())
        .withMessageContaining("no history");
  }

  @Test
  void nothingIsRecordedUnderNoGrad() {
    Tensor x = leaf(3);
    try (var _ = Autograd.noGrad()) {
      try (var _ = Autograd.noGrad()) {
        assertThat(Ops.square(x).requiresGrad()).isFalse();
      }
      assertThat(Ops.square(x).requiresGrad()).isFalse();
    }
    assertThat(Ops.square(x).requiresGrad()).isTrue();
  }

  @Test
  void noGradHoldsForOneThread() throws Exception {
    Tensor x = leaf(3);
    try (var _ = Autograd.noGrad();
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      assertThat(other.submit(() -> Ops.square(x).requiresGrad()).get()).isTrue();
    }
  }

  @Test
  void aReleasedOperandIsNamedAsTheCause() {
    Tensor x = leaf(3);
    Tensor square = Ops.square(x);
    Tensor y = Ops.mul(square, square);
    square.release();
    assertThatIllegalStateException().isThrownBy(y::backward).withMessageContaining("was released");
    assertThatIllegalStateException()
        .isThrownBy(() -> Ops.exp(square))
        .withMessageContaining("keep()");
  }

  @Test
  void resultsOfOpsAreNotOverwritten() {
    Tensor y = Ops.square(leaf(3));
    assertThatIllegalStateException()
        .isThrownBy(() -> y.copyFrom(new double[] {1}))
        .withMessageContaining("detach()");
  }

  @Test
  void twoThreadsTrainAtOnce() throws Exception {
    double[] alone = descend(1);
    double[] other = descend(2);
    assertThat(alone).isNotEqualTo(other);
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      Callable<double[]> first = () -> descend(1);
      Callable<double[]> second = () -> descend(2);
      Future<double[]> a = pool.submit(first);
      Future<double[]> b = pool.submit(second);
      assertThat(a.get()).isEqualTo(alone);
      assertThat(b.get()).isEqualTo(other);
    }
  }

  /** Some steps of descent on the squared length of a random affine map of a vector. */
  private static double[] descend(long seed) {
    Rng rng = new Rng(seed);
    double[] start = new double[8];
    double[] matrix = new double[64];
    Arrays.setAll(start, _ -> rng.nextGaussian());
    Arrays.setAll(matrix, _ -> rng.nextGaussian());
    Tensor w = Tensor.of(DEVICE, matrix, 8, 8);
    Tensor x = Tensor.of(DEVICE, start, 1, 8).requiresGrad(true);
    for (int step = 0; step < 50; step++) {
      try (var _ = new TensorScope()) {
        Ops.mean(Ops.square(Ops.linear(Ops.tanh(x), w, null))).backward();
        double[] values = x.toDoubleArray();
        double[] slope = x.grad().toDoubleArray();
        for (int i = 0; i < values.length; i++) {
          values[i] -= 0.1 * slope[i];
        }
        x.copyFrom(values);
        x.zeroGrad();
      }
    }
    return x.toDoubleArray();
  }
}
