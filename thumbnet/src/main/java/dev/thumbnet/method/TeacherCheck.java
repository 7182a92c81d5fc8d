package dev.thumbnet.method;

import dev.thumbnet.data.ClassDifference;
import dev.thumbnet.data.ClassNames;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.TrainingData;

/** What pictures must be for a network to learn from a teacher on them. */
public final class TeacherCheck {
  private TeacherCheck() {}

  /**
   * Checks that a teacher takes full pictures, and that pictures are of its classes and shown as
   * they were shown to it.
   *
   * @throws IllegalArgumentException if not; the message says what differs
   */
  public static void check(TrainedModel teacher, TrainingData data) {
    if (teacher.usesThumbnails()) {
      throw new IllegalArgumentException("a teacher takes full pictures, unlike " + teacher);
    }
    if (!ClassNames.same(teacher.classes(), data.train().classes())) {
      throw new IllegalArgumentException(
          "the pictures must be of the teacher's classes in the same order; "
              + ClassDifference.of(
                  "the pictures",
                  data.train().classes(),
                  "the teacher's classes",
                  teacher.classes()));
    }
    if (data.preprocessing().exifOrientation() != teacher.preprocessing().exifOrientation()) {
      throw new IllegalArgumentException(
          "the teacher was trained on pictures "
              + (teacher.preprocessing().exifOrientation()
                  ? "turned upright by their EXIF orientation, these are as they are stored"
                  : "as they are stored, these are turned upright by their EXIF orientation"));
    }
    if (data.preprocessing().size() != teacher.preprocessing().size()) {
      throw new IllegalArgumentException(
          "pictures of "
              + data.preprocessing().size()
              + " pixels must be as large as the teacher's, "
              + teacher.preprocessing().size());
    }
    if (data.preprocessing().shortSide() != teacher.preprocessing().shortSide()
        || !data.preprocessing().normalize().equals(teacher.preprocessing().normalize())) {
      throw new IllegalArgumentException(
          "pictures must be shown as the teacher was shown them, "
              + teacher.preprocessing()
              + ", not "
              + data.preprocessing());
    }
  }
}
