package dev.thumbnet.engine.backend.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The three libraries, faked, and a runtime on them. Closing it closes the runtime and checks that
 * nothing is left and that nothing was done which the real libraries would not survive.
 */
public final class FakeCuda implements AutoCloseable {
  private final List<FakeCall> log = Collections.synchronizedList(new ArrayList<>());
  public final FakeDriver driver = new FakeDriver(log);
  public final FakeCudnn cudnn = new FakeCudnn(log);
  public final FakeCublas cublas = new FakeCublas(log);
  private CudaRuntime runtime;

  /** Returns the one runtime, opened at the first call, and makes it current in this thread. */
  public CudaRuntime runtime() {
    if (runtime == null) {
      runtime = new CudaRuntime(new Driver(driver), new Cudnn(cudnn), new Cublas(cublas), 0);
    }
    runtime.enter();
    return runtime;
  }

  /** Returns all calls so far, in their order, of all libraries. */
  public List<FakeCall> calls() {
    synchronized (log) {
      return List.copyOf(log);
    }
  }

  /** Returns the calls of one function. */
  public List<FakeCall> calls(String function) {
    return calls().stream().filter(call -> call.function().equals(function)).toList();
  }

  /** Returns the names of the functions that were called. */
  public List<String> names() {
    return calls().stream().map(FakeCall::function).toList();
  }

  /** Forgets the calls so far. */
  void forgetCalls() {
    log.clear();
  }

  /** Fails if something went wrong inside the libraries. */
  void check() {
    assertThat(driver.thrown()).isEmpty();
    assertThat(cudnn.thrown()).isEmpty();
    assertThat(cublas.thrown()).isEmpty();
  }

  @Override
  public void close() {
    check();
    if (runtime != null) {
      runtime.close();
    }
    check();
    assertThat(driver.left()).isEmpty();
    assertThat(cudnn.left()).isEmpty();
    assertThat(cublas.left()).isEmpty();
  }
}
