package dev.thumbnet.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Answers keep their accuracy and come back from text as they were. */
final class RightAnswersTest {
  @Property(tries = 300)
  void textsAreReadBack(@ForAll @Size(min = 1, max = 70) List<Boolean> right) {
    RightAnswers answers = RightAnswers.of(right.size(), right::get);
    RightAnswers read = RightAnswers.ofText(right.size(), answers.text());
    assertThat(read).isEqualTo(answers).hasSameHashCodeAs(answers);
    for (int i = 0; i < right.size(); i++) {
      assertThat(read.isRight(i)).isEqualTo(right.get(i));
    }
    long count = right.stream().filter(b -> b).count();
    assertThat(read.accuracy()).isEqualTo(100.0 * count / right.size());
  }

  @Test
  void theTextNeverChanges() {
    RightAnswers answers = RightAnswers.of(10, Set.of(0, 1, 9)::contains);
    // The bytes 3 and 2.
    assertThat(answers.text()).isEqualTo("AwI=");
    assertThat(answers).hasToString("3 of 10 right");
    assertThat(RightAnswers.of(17, _ -> false).text()).isEqualTo("AAAA");
  }

  @Test
  void asManyOfOtherPicturesAreOthers() {
    RightAnswers answers = RightAnswers.of(10, Set.of(0, 1, 9)::contains);
    assertThat(answers).isNotEqualTo(RightAnswers.of(10, Set.of(0, 1, 8)::contains));
    assertThat(answers).isNotEqualTo(RightAnswers.of(11, Set.of(0, 1, 9)::contains));
  }

  @Test
  void textsOfOtherPicturesAreRefused() {
    // no base64, too short, too long, a picture that is not there
    for (String text : List.of("A.I=", "Aw==", "AwIB", "AwQ=")) {
      assertThatThrownBy(() -> RightAnswers.ofText(10, text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("these are no answers to 10 pictures: \"" + text + '"');
    }
    assertThatThrownBy(() -> RightAnswers.ofText(0, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
