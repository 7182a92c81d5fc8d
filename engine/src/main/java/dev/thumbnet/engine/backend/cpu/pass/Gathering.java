package dev.thumbnet.engine.backend.cpu.pass;

import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.Indices;
import java.util.Arrays;

/**
 * Chosen rows and columns. Columns that follow each other in x, too, are a run that is copied at
 * once, so that a padded row is two borders and one copy.
 */
public final class Gathering {
  /** Elements per task. */
  private static final int CHUNK = 1 << 14;

  private final WorkerPool workers;

  Gathering(WorkerPool workers) {
    this.workers = workers;
  }

  /**
   * Runs of columns.
   *
   * @param from first element of each run in a row of x, or −1
   * @param to first element of each run in a row of y, and the length of such a row
   */
  private record Runs(int[] from, int[] to) {
    static Runs of(Indices columns, int inner) {
      int[] from = new int[columns.size()];
      int[] to = new int[columns.size() + 1];
      int count = 0;
      for (int i = 0; i < columns.size(); i = columns.runEnd(i)) {
        from[count] = columns.get(i) == Indices.NONE ? -1 : columns.get(i) * inner;
        to[count++] = i * inner;
      }
      to[count] = columns.size() * inner;
      return new Runs(Arrays.copyOf(from, count), Arrays.copyOf(to, count + 1));
    }

    int length(int run) {
      return to[run + 1] - to[run];
    }
  }

  void forward(GatherProblem p, double value, CpuStorage x, CpuStorage y) {
    Runs runs = Runs.of(p.ofColumns(), p.inner());
    int[] rowOf = p.ofRows().toArray();
    int width = p.columns() * p.inner();
    int length = p.ofColumns().size() * p.inner();
    int rows = p.outer() * rowOf.length;
    int group = Math.max(1, CHUNK / length);
    workers.run(
        Math.ceilDiv(rows, group),
        task -> {
          for (int i = task * group; i < Math.min(rows, (task + 1) * group); i++) {
            int row = rowOf[i % rowOf.length];
            int to = y.offset + i * length;
            if (row == Indices.NONE) {
              Arrays.fill(y.array, to, to + length, (float) value);
            } else {
              int from = x.offset + (i / rowOf.length * p.rows() + row) * width;
              row(runs, (float) value, x.array, from, y.array, to);
            }
          }
        });
  }

  private static void row(Runs runs, float value, float[] x, int from, float[] y, int to) {
    for (int run = 0; run < runs.from.length; run++) {
      int start = to + runs.to[run];
      if (runs.from[run] < 0) {
        Arrays.fill(y, start, start + runs.length(run), value);
      } else {
        System.arraycopy(x, from + runs.from[run], y, start, runs.length(run));
      }
    }
  }

  /** Each of the outer parts of dx is one task, in which rows of dy are added in their order. */
  public void backward(GatherProblem p, CpuStorage dy, CpuStorage dx) {
    Runs runs = Runs.of(p.ofColumns(), p.inner());
    int[] rowOf = p.ofRows().toArray();
    int width = p.columns() * p.inner();
    int length = p.ofColumns().size() * p.inner();
    int part = p.rows() * width;
    workers.run(
        p.outer(),
        outer -> {
          int start = dx.offset + outer * part;
          Arrays.fill(dx.array, start, start + part, 0);
          for (int r = 0; r < rowOf.length; r++) {
            if (rowOf[r] != Indices.NONE) {
              int from = dy.offset + (outer * rowOf.length + r) * length;
              addRow(runs, dy.array, from, dx.array, start + rowOf[r] * width);
            }
          }
        });
  }

  private static void addRow(Runs runs, float[] dy, int from, float[] dx, int to) {
    for (int run = 0; run < runs.from.length; run++) {
      if (runs.from[run] >= 0) {
        int source = from + runs.to[run];
        int target = to + runs.from[run];
        for (int i = 0; i < runs.length(run); i++) {
          dx[target + i] += dy[source + i];
        }
      }
    }
  }
}
