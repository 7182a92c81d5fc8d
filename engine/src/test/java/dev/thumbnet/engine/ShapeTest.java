package dev.thumbnet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** A shape counts axes from both ends and cannot change or be impossible. */
final class ShapeTest {
  @Test
  void axesCountFromBothEnds() {
    Shape s = Shape.of(2, 3, 4, 5);
    assertThat(s.rank()).isEqualTo(4);
    assertThat(s.size()).isEqualTo(120);
    assertThat(s.dim(-1)).isEqualTo(5);
    assertThat(s.axis(-4)).isZero();
    assertThat(s.size(1, 3)).isEqualTo(12);
    assertThat(s.size(4, 4)).isEqualTo(1);
    assertThat(s.with(-1, 7)).isEqualTo(Shape.of(2, 3, 4, 7));
    assertThat(s).isEqualTo(Shape.of(2, 3, 4, 5)).hasToString("(2, 3, 4, 5)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> s.dim(4))
        .withMessageContaining("(2, 3, 4, 5) has no axis 4");
    assertThatIllegalArgumentException().isThrownBy(() -> s.dim(-5));
  }

  @Test
  void axesOfExtentOneComeInFront() {
    assertThat(Shape.of(3, 4).aligned(4)).isEqualTo(Shape.of(1, 1, 3, 4));
    assertThat(Shape.of(3, 4).aligned(2)).isEqualTo(Shape.of(3, 4));
    assertThat(Shape.of().aligned(1)).isEqualTo(Shape.of(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of(3, 4).aligned(1))
        .withMessageContaining("(3, 4) has more than 1 axes");
  }

  @Test
  void aScalarHasOneElement() {
    assertThat(Shape.of().size()).isEqualTo(1);
    assertThat(Shape.of()).hasToString("()");
    assertThat(Shape.of(3, 0).size()).isZero();
  }

  @Test
  void shapesAreImmutable() {
    int[] dims = {2, 3};
    Shape s = Shape.of(dims);
    dims[0] = 9;
    s.toArray()[1] = 9;
    assertThat(s).isEqualTo(Shape.of(2, 3));
  }

  @Test
  void impossibleExtentsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of(2, -1))
        .withMessageContaining("[2, -1]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of(1 << 20, 1 << 20, 0))
        .withMessageContaining("too many elements");
  }
}
