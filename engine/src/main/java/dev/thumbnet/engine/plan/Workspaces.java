package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.backend.Backend;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The workspaces of a plan, as many as calls ran at the same time. */
final class Workspaces {
  private final ColdStart start;
  private final Backend backend;
  private final Program program;
  private final List<Integer> slotSizes;
  private final ArrayDeque<Workspace> idle = new ArrayDeque<>();

  /**
   * @param start tells what they run on; the plan and its parts have one together
   * @param slotSizes elements of each buffer for one picture
   */
  Workspaces(ColdStart start, Program program, List<Integer> slotSizes) {
    this.start = start;
    this.backend = start.backend();
    this.program = program;
    this.slotSizes = slotSizes;
  }

  /**
   * Lets the plan, whose weights are prepared, run on a black picture until its own code is fast,
   * if no call comes at once.
   */
  void warmUp() {
    if (start.current() != backend) {
      Rehearsal rehearsal = new Rehearsal();
      backend.warmUp(rehearsal, () -> !start.wasCalled(), rehearsal::end);
    }
  }

  /** Returns a workspace of its own for a call with {@code n} pictures. */
  Workspace borrow(int n) {
    start.called();
    synchronized (idle) {
      Workspace workspace = idle.pollLast();
      if (workspace != null) {
        return workspace;
      }
    }
    return new Workspace(start.forCall(n * program.macsPerPicture()), program, slotSizes);
  }

  void giveBack(Workspace workspace) {
    if (workspace.backend() == backend) {
      synchronized (idle) {
        idle.addLast(workspace);
      }
    } else {
      workspace.release();
      start.leave();
    }
  }

  /** Returns a new workspace on the backend itself, which is not one of these until given back. */
  Workspace make() {
    return new Workspace(backend, program, slotSizes);
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
      start.leave();
      if (workspace != null) {
        giveBack(workspace);
      }
    }
  }
}
