package dev.thumbnet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.RgbImage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pictures get a model's labels by the names of their classes, however those are encoded. */
final class KnownClassesTest {
  private static final Path DATA = Path.of("pictures");
  private static final Path MODEL = Path.of("m.safetensors");

  /** One picture of each class. */
  private record Named(List<String> classes) implements DataSet {
    @Override
    public int size() {
      return classes.size();
    }

    @Override
    public int label(int index) {
      return index;
    }

    @Override
    public String name(int index) {
      return classes.get(index);
    }

    @Override
    public RgbImage get(int index) {
      return new RgbImage(1, 1, new byte[3]);
    }
  }

  private static int[] labels(DataSet set) {
    int[] labels = new int[set.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = set.label(i);
    }
    return labels;
  }

  @Test
  void accentsAndByteOrderMarksDoNotMatter() {
    Named folders = new Named(List.of("u\u0308ber", "tench"));
    List<String> classes = List.of("\uFEFFtench", "dog", "\u00fcber");
    assertThat(labels(KnownClasses.of(folders, classes, DATA, MODEL))).containsExactly(2, 0);
  }

  @Test
  void anAmbiguousNameIsRefused() {
    Named folders = new Named(List.of("crane", "dog"));
    List<String> classes = List.of("crane", "dog", "crane", "fox", "fox");
    assertThatThrownBy(() -> KnownClasses.of(folders, classes, DATA, MODEL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("m.safetensors: has two classes called crane");
    Named dogs = new Named(List.of("dog"));
    assertThat(labels(KnownClasses.of(dogs, classes, DATA, MODEL))).containsExactly(1);
    Named unknown = new Named(List.of("cat"));
    assertThatThrownBy(() -> KnownClasses.of(unknown, classes, DATA, MODEL))
        .hasMessageContaining("does not know")
        .hasMessageContaining("cat");
  }
}
