package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The buffers of one call at a time, and for each number of pictures the steps tied to them. */
final class Workspace {
  private final Backend backend;
  private final Program program;
  private final Storage[] slots;
  private final @Nullable Runnable[] bound;

  /**
   * @param backend what the steps run on
   * @param slotSizes elements of each buffer for one picture
   */
  Workspace(Backend backend, Program program, List<Integer> slotSizes) {
    this.backend = backend;
    this.program = program;
    int most = program.input.shape.dim(0);
    slots = new Storage[slotSizes.size()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = backend.allocate(slotSizes.get(i) * most);
    }
    bound = new @Nullable Runnable[most + 1];
  }

  Backend backend() {
    return backend;
  }

  void release() {
    for (Storage slot : slots) {
      backend.release(slot);
    }
  }

  Storage input() {
    return slots[program.input.slot];
  }

  Storage result() {
    return slots[program.result.slot];
  }

  void run(int n) {
    Runnable whole = bound[n];
    if (whole == null) {
      Runnable[] steps = bind(n);
      whole =
          backend.record(
              () -> {
                for (Runnable step : steps) {
                  step.run();
                }
              });
      bound[n] = whole;
    }
    whole.run();
  }

  /** Returns the times of each step in {@code runs} runs, after as many that do not count. */
  long[][] measure(int n, int runs) {
    Runnable[] steps = bind(n);
    long[][] nanos = new long[steps.length][runs];
    for (int run = -runs; run < runs; run++) {
      long before = System.nanoTime();
      for (int i = 0; i < steps.length; i++) {
        steps[i].run();
        long now = System.nanoTime();
        nanos[i][Math.max(0, run)] = now - before;
        before = now;
      }
    }
    return nanos;
  }

  private Runnable[] bind(int n) {
    Binder binder = new Binder(backend, slots, n);
    List<Runnable> steps = new ArrayList<>();
    for (Step step : program.steps) {
      steps.add(binder.bind(step));
    }
    return steps.toArray(Runnable[]::new);
  }
}
