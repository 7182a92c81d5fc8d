package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.backend.Backend;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The workspaces of a plan, as many as calls ran at the same time, and what they run on.
 *
 * <p>In a JVM that has just started that is not the backend itself but its {@link Backend#cold}:
 * the first call, if it is a short one, is answered by code for a cold start. If it does not come
 * at once, the plan runs on a black picture meanwhile until its own code is fast; later calls,
 * which have that effect, too, are left to that.
 */
final class Workspaces {
  /**
   * Multiply-adds of a call up to which code for a cold start pays: 0.2 s of two cores. A longer
   * call lives to see its own code compiled.
   */
  private static final long COLD_MACS = 600_000_000;

  private final Backend backend;
  private final Program program;
  private final List<Integer> slotSizes;
  private final ArrayDeque<Workspace> idle = new ArrayDeque<>();

  /** What new workspaces run on. Guarded by idle. */
  private Backend current;

  /** Whether there was a call, of this plan or of one that shares its weights. */
  private final AtomicBoolean called;

  Workspaces(Backend backend, Program program, List<Integer> slotSizes, AtomicBoolean called) {
    this.backend = backend;
    this.program = program;
    this.slotSizes = slotSizes;
    this.called = called;
    this.current = backend.cold();
  }

  /** Returns what the first call runs on, unless it is a long one. */
  Backend current() {
    synchronized (idle) {
      return current;
    }
  }

  /** Lets the plan, whose weights are prepared, run on a black picture if no call comes at once. */
  void warmUp() {
    if (current() != backend) {
      Rehearsal rehearsal = new Rehearsal();
      backend.warmUp(rehearsal, () -> !called.get(), rehearsal::end);
    }
  }

  /** Returns a workspace of its own for a call with {@code n} pictures. */
  Workspace borrow(int n) {
    called.set(true);
    Backend now;
    synchronized (idle) {
      Workspace workspace = idle.pollLast();
      if (workspace != null) {
        return workspace;
      }
      if (n * program.macsPerPicture() > COLD_MACS) {
        current = backend;
      }
      now = current;
    }
    return new Workspace(now, program, slotSizes);
  }

  void giveBack(Workspace workspace) {
    if (workspace.backend() == backend) {
      synchronized (idle) {
        idle.addLast(workspace);
      }
    } else {
      workspace.release();
      leaveColdStart();
    }
  }

  /** Returns a new workspace on the backend itself, which is not one of these until given back. */
  Workspace make() {
    return new Workspace(backend, program, slotSizes);
  }

  private void leaveColdStart() {
    synchronized (idle) {
      current = backend;
    }
  }

  /** Runs of the plan on a black picture. */
  private final class Rehearsal implements Runnable {
    private @Nullable Workspace workspace;

    @Override
    public void run() {
      if (workspace == null) {
        workspace = make();
      }
      workspace.run(1);
    }

    void end() {
      leaveColdStart();
      if (workspace != null) {
        giveBack(workspace);
      }
    }
  }
}
