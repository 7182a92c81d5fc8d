package dev.thumbnet.engine.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.Indices;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import dev.thumbnet.engine.testing.Host;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Moves of elements by hand. */
class RearrangementTest {
  private final ReferenceBackend backend = new ReferenceBackend();
  private final Host host = new Host(backend);

  @Test
  void transposes() {
    TransposeProblem p = TransposeProblem.of(new int[] {2, 1, 3}, new int[] {2, 0, 1});
    Storage y = host.room(6);
    backend.transpose(p, host.put(1, 2, 3, 4, 5, 6), y);
    assertThat(host.get(y)).containsExactly(1, 4, 2, 5, 3, 6);
    Storage x = host.room(6);
    backend.transpose(p.inverse(), y, x);
    assertThat(host.get(x)).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void simplestJoinsWhatStaysTogether() {
    TransposeProblem p = TransposeProblem.of(new int[] {2, 1, 5, 7, 3}, new int[] {0, 4, 1, 2, 3});
    assertThat(p.simplest()).isEqualTo(new TransposeProblem(List.of(2, 35, 3), List.of(0, 2, 1)));
    TransposeProblem same = TransposeProblem.of(new int[] {2, 1, 5}, new int[] {1, 0, 2});
    assertThat(same.simplest()).isEqualTo(new TransposeProblem(List.of(10), List.of(0)));
    TransposeProblem one = TransposeProblem.of(new int[] {1, 1}, new int[] {1, 0});
    assertThat(one.simplest()).isEqualTo(new TransposeProblem(List.of(1), List.of(0)));
  }

  @Test
  void gathersRowsAndColumns() {
    Indices rows = Indices.of(1, Indices.NONE, 0);
    Indices columns = Indices.of(0, 0, Indices.NONE, 1);
    GatherProblem p = new GatherProblem(1, 2, 2, 1, rows, columns);
    Storage y = host.room(12);
    backend.gather(p, 9, host.put(1, 2, 3, 4), y);
    assertThat(host.get(y)).containsExactly(3, 3, 9, 4, 9, 9, 9, 9, 1, 1, 9, 2);
    Storage dx = host.room(4);
    backend.gatherBackward(p, host.put(1, 2, 4, 8, 1, 1, 1, 1, 16, 32, 64, 128), dx);
    assertThat(host.get(dx)).containsExactly(48, 128, 3, 8);
  }

  @Test
  void refusesWhatIsNotThere() {
    assertThatThrownBy(() -> TransposeProblem.of(new int[] {2, 3}, new int[] {0, 0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("each axis must be named once in [2, 3] by [0, 0]");
    assertThatThrownBy(() -> new GatherProblem(1, 1, 3, 1, Indices.of(0), Indices.of(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("column 3 is outside [0, 3)");
  }
}
