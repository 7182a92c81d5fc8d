package dev.thumbnet.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Of two lists of classes only the difference is named, and of that not thousands. */
final class ClassDifferenceTest {
  @Test
  void bothSidesAreNamed() {
    assertThat(ClassDifference.of("these", List.of("a", "b"), "those", List.of("b", "c", "d")))
        .isEqualTo("only these have a; only those have c, d");
    assertThat(ClassDifference.of("these", List.of("a", "b"), "those", List.of("b")))
        .isEqualTo("only these have a");
    assertThat(ClassDifference.of("these", List.of("a", "b"), "those", List.of("b", "a")))
        .isEqualTo("they are in another order");
  }

  @Test
  void manyAreCounted() {
    List<String> many = IntStream.range(0, 1000).mapToObj(i -> "class" + i).toList();
    assertThat(ClassDifference.of("these", many, "those", List.of("class0")))
        .isEqualTo(
            "only these have class1, class2, class3, class4, class5, class6, class7, class8 and 991"
                + " more");
  }
}
