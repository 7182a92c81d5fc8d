package dev.thumbnet.engine.backend.cpu.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Arrays are used again by their size class, and no more of them kept than the limit. */
class BufferPoolTest {
  @Test
  void sizeClassesHoldTheLengthAndWasteLittle() {
    for (int length = 8; length > 0 && length < Integer.MAX_VALUE - 64; length += 1 + length / 97) {
      int rounded = BufferPool.lengthOf(BufferPool.classOf(length));
      assertThat(rounded).isGreaterThanOrEqualTo(length);
      assertThat((long) rounded).isLessThanOrEqualTo(length + length / 4L + 1);
      assertThat(BufferPool.classOf(rounded)).isEqualTo(BufferPool.classOf(length));
    }
    assertThat(BufferPool.lengthOf(BufferPool.classOf(Integer.MAX_VALUE - 64)))
        .isEqualTo(Integer.MAX_VALUE - 64);
  }

  @Test
  void reusesWhatFits() {
    BufferPool pool = new BufferPool(1 << 20);
    float[] first = pool.take(5000);
    assertThat(first.length).isGreaterThanOrEqualTo(5000 + BufferPool.ALIGNED);
    assertThat(pool.take(1).length).isGreaterThan(BufferPool.ALIGNED);
    assertThat(pool.take(5000)).isNotSameAs(first);
    pool.give(first);
    assertThat(pool.idleBytes()).isEqualTo(4L * first.length);
    assertThat(pool.take(20_000)).isNotSameAs(first);
    assertThat(pool.take(4_990)).isSameAs(first);
    assertThat(pool.idleBytes()).isZero();
  }

  @Test
  void keepsNoMoreThanItsLimit() {
    BufferPool pool = new BufferPool(4 * 5000);
    float[] a = pool.take(4000);
    float[] b = pool.take(4000);
    pool.give(a);
    pool.give(b);
    assertThat(pool.idleBytes()).isEqualTo(4L * a.length);
    pool.clear();
    assertThat(pool.idleBytes()).isZero();
    assertThat(pool.take(4000)).isNotSameAs(a);
  }

  @Test
  void refusesForeignArrays() {
    assertThatThrownBy(() -> new BufferPool(1 << 20).give(new float[5001]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5001");
  }
}
