package dev.thumbnet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.reference.ReferenceBackend;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Dropout;
import dev.thumbnet.engine.nn.Flatten;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.MaxPool2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.engine.optim.Sgd;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What outlives a scope, and that nothing else does. */
final class TensorScopeTest {
  private static final Device DEVICE = Device.reference();

  @Test
  void useAfterCloseThrows() {
    Tensor x;
    try (var _ = new TensorScope()) {
      x = Tensor.zeros(DEVICE, 2, 3);
    }
    assertThatIllegalStateException()
        .isThrownBy(x::toArray)
        .withMessageContaining("(2, 3)")
        .withMessageContaining("keep()");
    assertThat(x.toString()).contains("released");
  }

  @Test
  void gradientsAndWhatWasKeptSurvive() {
    Tensor x = Tensor.full(DEVICE, 3, 1).requiresGrad(true);
    Tensor kept;
    try (var _ = new TensorScope()) {
      kept = Ops.square(x).keep();
      Ops.mul(Ops.square(x), 2).backward();
      Ops.mul(x, 10).backward();
    }
    assertThat(kept.toDoubleArray()).containsExactly(9);
    assertThat(x.grad().toDoubleArray()).containsExactly(22);
  }

  @Test
  void anInnerScopeTakesOnlyItsOwn() {
    try (var _ = new TensorScope()) {
      Tensor outer = Tensor.full(DEVICE, 1, 1);
      Tensor inner;
      Tensor kept;
      try (var _ = new TensorScope()) {
        inner = Tensor.full(DEVICE, 2, 1);
        kept = Tensor.full(DEVICE, 3, 1).keep();
      }
      assertThat(outer.item()).isEqualTo(1);
      assertThat(kept.item()).isEqualTo(3);
      assertThatIllegalStateException().isThrownBy(inner::item);
    }
  }

  @Test
  void anInterruptEndsWorkThatMayBeInterrupted() {
    Tensor x = Tensor.zeros(DEVICE, 2);
    try (TensorScope _ = TensorScope.interruptible()) {
      Thread.currentThread().interrupt();
      try (TensorScope _ = new TensorScope()) {
        assertThatThrownBy(() -> x.plus(x)).isInstanceOf(CancellationException.class);
      }
    } finally {
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }
    try (TensorScope _ = new TensorScope()) {
      assertThat(x.plus(x).toArray()).containsExactly(0, 0);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void scopesCloseInnermostFirst() {
    TensorScope outer = new TensorScope();
    TensorScope inner = new TensorScope();
    assertThatIllegalStateException()
        .isThrownBy(outer::close)
        .withMessageContaining("innermost first");
    inner.close();
    outer.close();
  }

  @Test
  void aScopeBelongsToItsThread() throws Exception {
    try (TensorScope scope = new TensorScope();
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      Tensor foreign = other.submit(() -> Tensor.full(DEVICE, 1, 1)).get();
      Assertions.assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> other.submit(scope::close).get())
          .withCauseInstanceOf(IllegalStateException.class);
      assertThat(foreign.item()).isEqualTo(1);
    }
  }

  @Test
  void parametersMadeInsideAScopeSurvive() {
    Module layer;
    try (var _ = new TensorScope()) {
      layer =
          new Sequential(new Linear(DEVICE, 2, 3, true, new Rng(1)), new BatchNorm2d(DEVICE, 3));
    }
    layer.state().tensors().values().forEach(Tensor::toArray);
  }

  /** After the first step, which makes gradients, each step releases exactly what it allocates. */
  @Test
  void aTrainingStepLeavesNothingBehind() {
    CountingBackend counting = new CountingBackend();
    Device device = new Device(counting.proxy(), true);
    Rng rng = new Rng(1);
    Module net =
        new Sequential(
            new Conv2d(device, 3, 4, 3, 1, 1, true, rng),
            new BatchNorm2d(device, 4),
            new ReLU(),
            new MaxPool2d(2, 2, 0),
            new Flatten(),
            new Dropout(0.5, rng),
            new Linear(device, 16, 5, true, rng));
    Sgd sgd = new Sgd(List.of(ParamGroup.all("", net, 1e-4)), 0.9, true);
    List<Integer> live = new ArrayList<>();
    for (int step = 0; step < 4; step++) {
      sgd.zeroGrad();
      try (var _ = new TensorScope()) {
        Tensor x = Tensor.full(device, 0.5, 2, 4, 4, 3);
        Tensor logits = net.forward(x);
        Tensor soft = Ops.klDiv(Ops.logSoftmax(logits), Ops.softmax(logits.detach()));
        Ops.add(Ops.crossEntropy(logits, new int[] {1, 2}, 0.1), soft).backward();
      }
      sgd.step(0.1);
      live.add(counting.live);
    }
    int state = net.state().tensors().size() + sgd.state().tensors().size();
    assertThat(live).containsOnly(state + net.parameters().size());
  }

  /** During the backward pass gradients go back as soon as they are used up. */
  @Test
  void theBackwardPassOfAChainNeedsConstantMemory() {
    assertThat(extraStoragesDuringBackward(50)).isEqualTo(extraStoragesDuringBackward(5));
  }

  private static int extraStoragesDuringBackward(int depth) {
    CountingBackend counting = new CountingBackend();
    Device device = new Device(counting.proxy(), true);
    Tensor x = Tensor.full(device, 0.5, 3).requiresGrad(true);
    Tensor y = x;
    for (int i = 0; i < depth; i++) {
      y = Ops.tanh(Ops.add(y, x));
    }
    Tensor loss = Ops.sum(y);
    int before = counting.live;
    counting.most = before;
    loss.backward();
    return counting.most - before;
  }

  /** The reference backend with a count of the storages that were not given back. */
  private static final class CountingBackend {
    private final Backend backend = new ReferenceBackend();
    private int live;
    private int most;

    Backend proxy() {
      return (Backend)
          Proxy.newProxyInstance(
              Backend.class.getClassLoader(),
              new Class<?>[] {Backend.class},
              (_, method, args) -> {
                if (method.getName().equals("allocate")) {
                  live++;
                  most = Math.max(most, live);
                } else if (method.getName().equals("release") && !((Storage) args[0]).released()) {
                  live--;
                }
                try {
                  return method.invoke(backend, args);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }
  }
}
