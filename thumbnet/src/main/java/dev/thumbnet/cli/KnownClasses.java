package dev.thumbnet.cli;

import dev.thumbnet.data.ClassDifference;
import dev.thumbnet.data.ClassNames;
import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.RgbImage;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Pictures with the labels of a model: folders may be sorted in another way than the classes were
 * when the model learned them, and need not have all of them.
 */
final class KnownClasses implements DataSet {
  private final DataSet pictures;
  private final List<String> classes;
  private final int[] labels;

  private KnownClasses(DataSet pictures, List<String> classes) {
    this.pictures = pictures;
    this.classes = classes;
    List<String> canonical = ClassNames.canonical(classes);
    this.labels =
        ClassNames.canonical(pictures.classes()).stream().mapToInt(canonical::indexOf).toArray();
  }

  /**
   * Gives pictures a model's labels.
   *
   * @param data what messages call the pictures
   * @param model what messages call the model
   * @throws IllegalArgumentException if the model does not know a class of the pictures, or has two
   *     of that name
   */
  static DataSet of(DataSet pictures, List<String> classes, Path data, Path model) {
    List<String> canonical = ClassNames.canonical(classes);
    List<String> shown = ClassNames.canonical(pictures.classes());
    List<String> unknown = shown.stream().filter(name -> !canonical.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          data
              + ": has classes that "
              + model
              + " does not know; "
              + ClassDifference.of(
                  "the pictures", pictures.classes(), "the model's classes", classes));
    }
    for (String name : shown) {
      if (canonical.indexOf(name) != canonical.lastIndexOf(name)) {
        throw new IllegalArgumentException(
            model
                + ": has two classes called "
                + name
                + ", so that nobody knows which of them the pictures in "
                + data
                + " show; import it again with other names");
      }
    }
    return new KnownClasses(pictures, classes);
  }

  @Override
  public int size() {
    return pictures.size();
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return labels[pictures.label(index)];
  }

  @Override
  public String name(int index) {
    return pictures.name(index);
  }

  @Override
  public RgbImage get(int index) {
    return pictures.get(index);
  }

  @Override
  public <T> T get(int index, Function<? super RgbImage, T> use) {
    return pictures.get(index, use);
  }

  @Override
  public boolean exifOrientation() {
    return pictures.exifOrientation();
  }
}
