package dev.thumbnet.method.thumbnet;

import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
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

  /** Sides of thumbnails for the curve, of pictures of the usual size. */
  private static final List<Integer> SIDES = List.of(56, 64, 72, 80, 96, 112, 160);

  private static final double USUAL_SIZE = 224;
  private static final List<Double> WIDTHS = List.of(0.5, 0.75, 1.0);

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
    return setting.reductions().stream().map(reduction -> at(setting, reduction, 1)).toList();
  }

  /**
   * Returns the training of a student on thumbnails of any side, as wide as its teacher or
   * narrower, which starts from the teacher's first channels then. Its point is called as {@link
   * OperatingPoint#thumbnail} does, and by the width if it is not 1: {@code 72px-w0.5}.
   *
   * @param side of the thumbnails in pixels
   * @param width share of the teacher's width, in (0, 1]
   * @throws IllegalArgumentException if the method has a learned downscaler, and that none for this
   *     side, or maps features, and the student is narrower; or the network takes no such
   *     thumbnails
   */
  public Training at(Setting setting, int side, double width) {
    Reduction reduction = new Reduction(setting.size(), side);
    setting.network().checkSide(side);
    if (width != 1) {
      Models.checkNarrower(setting.network());
    }
    return at(setting, reduction, width);
  }

  private Training at(Setting setting, Reduction reduction, double width) {
    StudentOptions options = choice.options(setting.downscaler(), reduction).withWidth(width);
    options.downscaler().checkTeacher(setting.network());
    OperatingPoint named =
        OperatingPoint.thumbnail(reduction, setting.size(), options.flatSettings());
    OperatingPoint point =
        width == 1
            ? named
            : new OperatingPoint(
                named.key() + "-w" + width,
                named.label() + ", width " + width,
                named.inputSize(),
                named.settings());
    return new StudentTraining(setting, options, point);
  }

  /**
   * Returns students of many sizes and widths, the smallest thumbnails first: what can be had for
   * the same cost without a learned downscaler. Sides are 56, 64, 72, 80, 96, 112 and 160 pixels of
   * 224, and in proportion for other pictures, as far as the network takes them; widths are 0.5,
   * 0.75 and 1, or only the last if the network cannot be narrowed.
   *
   * @throws IllegalArgumentException as {@link #at}
   */
  public List<Training> curve(Setting setting) {
    List<Double> widths = Models.canNarrow(setting.network()) ? WIDTHS : List.of(1.0);
    return SIDES.stream()
        .map(side -> Math.toIntExact(Math.round(side * setting.size() / USUAL_SIZE)))
        .distinct()
        .filter(setting.network()::takes)
        .flatMap(side -> widths.stream().map(width -> at(setting, side, width)))
        .toList();
  }
}
