package dev.thumbnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.testing.TinyPictures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A split takes its share of every class, and each picture once. */
final class SplitTest {
  private static List<String> names(DataSet set) {
    return IntStream.range(0, set.size()).mapToObj(set::name).toList();
  }

  private static int count(DataSet set, int label) {
    return (int) IntStream.range(0, set.size()).filter(i -> set.label(i) == label).count();
  }

  @Test
  void eachClassGivesItsShare() {
    // 17, 17 and 16 pictures of each class; a fifth of them is 3.4, 3.4 and 3.2.
    Split split = Split.of(new TinyPictures(50, 1), 0.2);
    for (int label = 0; label < 3; label++) {
      assertThat(count(split.heldOut(), label)).isEqualTo(3);
    }
    assertThat(split.heldOut().size() + split.rest().size()).isEqualTo(50);
  }

  @Test
  void eachPictureIsInOnePart() {
    TinyPictures set = new TinyPictures(50, 1);
    Split split = Split.of(set, 0.2);
    List<String> all = new ArrayList<>(names(split.rest()));
    all.addAll(names(split.heldOut()));
    assertThat(all).containsExactlyInAnyOrderElementsOf(names(set));
    assertThat(names(split.rest()))
        .isSortedAccordingTo(
            Comparator.comparing((String name) -> Integer.parseInt(name.substring(5))));
    assertThat(split.rest().classes()).isEqualTo(set.classes());
    assertThat(split.rest().exifOrientation()).isEqualTo(set.exifOrientation());
    for (int i = 0; i < split.heldOut().size(); i++) {
      int index = Integer.parseInt(split.heldOut().name(i).substring("tiny/".length()));
      assertThat(split.heldOut().label(i)).isEqualTo(set.label(index));
      assertThat(split.heldOut().get(i).data()).isEqualTo(set.get(index).data());
      int width = split.heldOut().get(i, picture -> picture.width());
      assertThat(width).isEqualTo(TinyPictures.SIDE);
    }
  }

  @Test
  void theSameSetIsAlwaysCutAlikeButNotRegularly() {
    List<String> once = names(Split.of(new TinyPictures(60, 1), 0.2).heldOut());
    assertThat(names(Split.of(new TinyPictures(60, 2), 0.2).heldOut())).isEqualTo(once);
    assertThat(once).isNotEqualTo(IntStream.range(0, 12).mapToObj(i -> "tiny/" + i).toList());
  }

  @Test
  void smallClassesKeepAPictureToLearnFrom() {
    // Two, two and one picture.
    Split split = Split.of(new TinyPictures(5, 1), 0.9);
    assertThat(split.heldOut().size()).isEqualTo(2);
    assertThat(split.rest().size()).isEqualTo(3);
    assertThat(count(split.rest(), 2)).isEqualTo(1);
    assertThatThrownBy(() -> Split.of(new TinyPictures(3, 1), 0.2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no class has two pictures");
    assertThatThrownBy(() -> Split.of(new TinyPictures(50, 1), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
