package dev.thumbnet.engine.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Any number of rows is made of tiles that there are, with as few single rows as can be. */
class TilesTest {
  private static List<Integer> tiles(int rows, int most) {
    List<Integer> tiles = new ArrayList<>();
    for (int left = rows; left > 0; left -= tiles.getLast()) {
      tiles.add(Tiles.nextRows(left, most));
    }
    return tiles;
  }

  @Test
  void tilesMakeUpAllRows() {
    for (int rows = 1; rows <= 200; rows++) {
      assertThat(tiles(rows, 4)).isSubsetOf(Set.of(4, 1));
      assertThat(tiles(rows, 5)).isSubsetOf(Set.of(5, 4, 1));
      assertThat(tiles(rows, 6)).isSubsetOf(Set.of(6, 5, 4, 1));
      assertThat(tiles(rows, 8)).isSubsetOf(Set.of(8, 4, 1));
      for (int most : new int[] {4, 5, 6, 8}) {
        assertThat(tiles(rows, most).stream().mapToInt(Integer::intValue).sum()).isEqualTo(rows);
      }
    }
  }

  @Test
  void sixFiveAndFourLeaveNoSingleRow() {
    for (int rows = 4; rows <= 200; rows++) {
      int singles = Collections.frequency(tiles(rows, 6), 1);
      assertThat(singles).as(rows + " rows").isEqualTo(rows == 7 ? 1 : 0);
    }
  }
}
