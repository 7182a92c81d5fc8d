package dev.thumbnet.method.thumbnet;

import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.train.RunOptions;
import java.util.List;

/**
 * ThumbNet, and the methods that the paper compares it with, which leave out parts of it: a student
 * that starts as a copy of its teacher learns on thumbnails, with one point for each reduction.
 */
public final class StudentMethod implements Method {
  /** The baseline: ordinary thumbnails. */
  public static final StudentMethod BICUBIC =
      new StudentMethod(
          "bicubic",
          "Bicubic",
          (_, reduction) -> StudentOptions.bicubic(reduction),
          "A copy of the teacher, the student, is trained on thumbnails made by ordinary"
              + " antialiased bicubic resizing. The baseline to beat.");

  /** The downscaler learns, too. */
  public static final StudentMethod SUPERVISED =
      new StudentMethod(
          "supervised",
          "Supervised",
          StudentOptions::supervised,
          "A tiny network, the downscaler E, learns to make the thumbnails, together with the"
              + " student and from the same labels.");

  /** Ordinary thumbnails, and the teacher's answers. */
  public static final StudentMethod BICUBIC_DISTILL =
      new StudentMethod(
          "bicubic-distill",
          "Bicubic + Distill",
          (_, reduction) -> StudentOptions.bicubicDistill(reduction),
          "As Bicubic, and the student also imitates the teacher's answers to the full"
              + " picture: not only the right class, but how likely the others seemed.");

  /** All of ThumbNet but its own two losses. */
  public static final StudentMethod SUPERVISED_DISTILL =
      new StudentMethod(
          "supervised-distill",
          "Supervised + Distill",
          StudentOptions::supervisedDistill,
          "As Supervised, with the same imitation of the teacher's answers.");

  /** The whole method of the paper. */
  public static final StudentMethod THUMBNET =
      new StudentMethod(
          "thumbnet",
          "ThumbNet",
          StudentOptions::thumbNet,
          "The whole method: as Supervised + Distill; besides, thumbnails must keep brightness and"
              + " contrast of their pictures, and the student's inner features, enlarged by a"
              + " helper network that is thrown away afterwards, must resemble the teacher's. The"
              + " first epochs train these two alone, without labels.");

  /** Chooses the losses of a student. */
  @FunctionalInterface
  private interface Choice {
    StudentOptions options(DownscalerKind learned, Reduction reduction);
  }

  private final String key;
  private final String name;
  private final Choice choice;
  private final String explanation;

  private StudentMethod(String key, String name, Choice choice, String explanation) {
    this.key = key;
    this.name = name;
    this.choice = choice;
    this.explanation = explanation;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String explanation() {
    return explanation;
  }

  @Override
  public boolean trainsStudent() {
    return true;
  }

  @Override
  public List<Training> trainings(Setting setting) {
    setting.checkThumbnails();
    return setting.reductions().stream()
        .map(reduction -> choice.options(setting.downscaler(), reduction))
        .<Training>map(options -> new OfStudent(setting, options))
        .toList();
  }

  private record OfStudent(Setting setting, StudentOptions options) implements Training {
    @Override
    public List<OperatingPoint> points() {
      return List.of(
          OperatingPoint.thumbnail(options.reduction(), setting.size(), options.flatSettings()));
    }

    @Override
    public Trained run(TrainingContext context, RunOptions run) {
      return new ThumbNetTraining(
              context.teacher(),
              options,
              context.data(),
              setting.student().withSeed(context.seed()))
          .run(run);
    }
  }
}
