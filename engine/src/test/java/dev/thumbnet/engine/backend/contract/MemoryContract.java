package dev.thumbnet.engine.backend.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Allocation, release and copies from and to the host. */
public interface MemoryContract extends BackendSource {
  @Test
  default void copiesWithOffsets() {
    Backend b = backend();
    Storage s = b.allocate(6);
    b.fill(s, 6, 9);
    b.upload(new float[] {1, 2, 3, 4}, 1, s, 2, 2);
    b.upload(new double[] {0.1, 0.5}, 1, s, 5, 1);
    float[] floats = new float[8];
    b.download(s, 1, floats, 2, 5);
    assertThat(floats).containsExactly(0, 0, 9, 2, 3, 9, 0.5f, 0);
    double[] doubles = new double[3];
    b.download(s, 2, doubles, 1, 2);
    assertThat(doubles).containsExactly(0, 2, 3);
    b.release(s);
  }

  @Test
  default void roundsDoublesToNearest() {
    Backend b = backend();
    Storage s = b.allocate(1);
    b.upload(new double[] {0.1}, 0, s, 0, 1);
    float[] f = new float[1];
    b.download(s, 0, f, 0, 1);
    assertThat(f[0]).isEqualTo(0.1f);
    b.release(s);
  }

  @Test
  default void fillsOnlyWhatWasAskedFor() {
    Backend b = backend();
    Storage s = b.allocate(40);
    b.fill(s, 40, 1);
    b.fill(s, 17, 2);
    b.fill(s, 0, 3);
    double[] values = new double[40];
    b.download(s, 0, values, 0, 40);
    for (int i = 0; i < 40; i++) {
      assertThat(values[i]).isEqualTo(i < 17 ? 2 : 1);
    }
    b.release(s);
  }

  @Test
  default void aReleasedHandleStaysDeadWhenItsMemoryServesAnother() {
    Backend b = backend();
    for (int length : new int[] {0, 1, 17, 5000}) {
      Storage dead = b.allocate(length);
      assertThat(dead.length()).isEqualTo(length);
      b.release(dead);
      b.release(dead);
      assertThat(dead.released()).isTrue();
      Storage first = b.allocate(length);
      Storage second = b.allocate(length);
      b.fill(first, length, 1);
      b.fill(second, length, 2);
      double[] values = new double[length];
      b.download(first, 0, values, 0, length);
      assertThat(values).containsOnly(fill(length, 1));
      assertThatIllegalArgumentException().isThrownBy(() -> b.fill(dead, length, 3));
      b.release(first);
      b.release(second);
    }
  }

  private static double[] fill(int length, double value) {
    double[] values = new double[length];
    Arrays.fill(values, value);
    return values;
  }

  @Test
  default void refusesRangesOutsideOfArrays() {
    Backend b = backend();
    Storage s = b.allocate(4);
    assertThatIllegalArgumentException().isThrownBy(() -> b.allocate(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> b.fill(s, 5, 0))
        .withMessageContaining("fill");
    assertThatIllegalArgumentException().isThrownBy(() -> b.fill(s, -1, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> b.upload(new float[9], 0, s, 1, 4))
        .withMessageContaining("upload");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> b.upload(new float[9], 6, s, 0, 4))
        .withMessageContaining("upload: host array has 9 elements");
    assertThatIllegalArgumentException().isThrownBy(() -> b.upload(new double[9], 0, s, -1, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> b.upload(new double[3], 0, s, 0, 4));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> b.download(s, 2, new float[9], 0, 3))
        .withMessageContaining("download");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> b.download(s, 0, new float[2], 0, 3))
        .withMessageContaining("download: host array has 2 elements");
    assertThatIllegalArgumentException().isThrownBy(() -> b.download(s, 0, new double[2], -1, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> b.copyRows(2, 2, s, 0, 3, b.allocate(9), 0, 2))
        .withMessageContaining("copyRows");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> b.copyRows(2, 2, b.allocate(9), 0, 2, s, 1, 2));
    // Would be in range if it were computed in 32 bits.
    assertThatIllegalArgumentException()
        .isThrownBy(() -> b.copyRows(3, 1, s, 0, 1 << 31 - 1, b.allocate(9), 0, 1));
  }

  @Test
  default void namesItself() {
    assertThat(backend().name()).isNotBlank();
    assertThat(backend().describe()).startsWith(backend().name());
  }
}
