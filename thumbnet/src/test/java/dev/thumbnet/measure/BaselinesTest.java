package dev.thumbnet.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Accuracies without a network are those counted by hand. */
final class BaselinesTest {
  /** Pictures of one gray level each; the classes are given. */
  private record Grays(int[] levels, int[] labels) implements DataSet {
    @Override
    public int size() {
      return levels.length;
    }

    @Override
    public List<String> classes() {
      return List.of("a", "b", "c", "d");
    }

    @Override
    public int label(int index) {
      return labels[index];
    }

    @Override
    public String name(int index) {
      return "gray " + index;
    }

    @Override
    public RgbImage get(int index) {
      byte[] data = new byte[3 * 16 * 16];
      Arrays.fill(data, (byte) levels[index]);
      return new RgbImage(16, 16, data);
    }
  }

  private static final DataSet TRAIN =
      new Grays(
          new int[] {10, 20, 30, 100, 110, 120, 200, 205, 207},
          new int[] {0, 0, 0, 1, 1, 1, 2, 3, 3});

  @Test
  void chanceAndMajority() {
    DataSet val = new Grays(new int[] {0, 0, 0, 0}, new int[] {0, 1, 0, 3});
    assertThat(Baselines.chance(val)).isEqualTo(25);
    // Classes 0 and 1 are equally frequent in training; the first one is named.
    assertThat(Baselines.majority(TRAIN, val)).isEqualTo(50);
  }

  @Test
  void fiveNeighboursVote() {
    // 15: 10 20 30 100 110 -> class 0; 112: 110 120 100 30 20 or so -> class 1 by 3 to 2;
    // 206: 205 207 200 120 110 -> classes 3 and 1 have two votes, 205 is nearest -> class 3
    DataSet val = new Grays(new int[] {15, 112, 206, 206}, new int[] {0, 1, 3, 2});
    assertThat(Baselines.nearestNeighbours(TRAIN, val, () -> false)).isEqualTo(75);
  }

  @Test
  void fewerPicturesThanNeighboursVoteToo() {
    DataSet few = new Grays(new int[] {0, 255}, new int[] {2, 1});
    DataSet val = new Grays(new int[] {30, 220}, new int[] {2, 1});
    assertThat(Baselines.nearestNeighbours(few, val, () -> false)).isEqualTo(100);
  }

  @Test
  void stopsWhenAsked() {
    assertThatThrownBy(() -> Baselines.nearestNeighbours(TRAIN, TRAIN, () -> true))
        .isInstanceOf(CancellationException.class);
  }
}
