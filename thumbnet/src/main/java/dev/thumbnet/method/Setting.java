package dev.thumbnet.method;

import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.train.Recipe;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a user chooses and methods make their trainings of. It decides the numbers, together with
 * pictures and seed; the number of threads is not here, for it changes no result.
 *
 * @param network of the teacher, and of every student that is not cut down itself
 * @param size side of the full pictures in pixels
 * @param reductions from picture to thumbnail
 * @param downscaler the form of the learned downscaler E
 * @param teacher how a network is trained from scratch; its seed is that of the context
 * @param student how a network is trained that starts from its teacher, likewise
 */
public record Setting(
    Architecture network,
    int size,
    List<Reduction> reductions,
    DownscalerKind downscaler,
    Recipe teacher,
    Recipe student) {
  /**
   * Checks the numbers. Whether thumbnails can be made is asked by the methods that use them, see
   * {@link #checkThumbnails}.
   *
   * @throws IllegalArgumentException if one is out of range; the message names it and the remedy
   */
  public Setting {
    reductions = List.copyOf(reductions);
    check(!reductions.isEmpty(), "at least one ratio is needed");
    check(
        reductions.stream().distinct().count() == reductions.size(),
        "a ratio occurs twice: " + reductions);
    check(downscaler.learned(), "the downscaler must be one that learns, not " + downscaler);
    network.checkSide(size);
  }

  /**
   * Checks that pictures can be shrunk at all reductions, and that the network takes what is left.
   * Who also makes a downscaler of the network's layers asks {@link DownscalerKind#checkTeacher}.
   *
   * @throws IllegalArgumentException if not; the message names the size and the remedy
   */
  public void checkThumbnails() {
    for (Reduction reduction : reductions) {
      check(
          size >= reduction.from() && reduction.divides(size),
          "pictures of "
              + size
              + " pixels cannot be shrunk at "
              + reduction
              + ": their side must be a multiple of "
              + reduction.from());
      network.checkSide(reduction.reduce(size));
    }
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Returns the same with a single reduction. */
  public Setting with(Reduction reduction) {
    return new Setting(network, size, List.of(reduction), downscaler, teacher, student);
  }

  /** Returns the same for pictures of another number of classes. */
  public Setting withClasses(int classes) {
    return new Setting(
        network.withClasses(classes), size, reductions, downscaler, teacher, student);
  }

  /**
   * Returns how a network is trained like the students, but from scratch: at the teacher's rate,
   * which started by chance, too, in proportion to the batches. At the rate of students, which
   * start where the teacher ended, it would be behind for that reason alone.
   */
  public Recipe fromScratch() {
    Recipe likeTeacher = teacher.withBatchSize(student.batchSize());
    return student.withLearningRate(likeTeacher.learningRate());
  }

  /** Returns the same with other recipes. */
  public Setting with(Recipe forTeacher, Recipe forStudent) {
    return new Setting(network, size, reductions, downscaler, forTeacher, forStudent);
  }

  /** Returns what people want to know of it, by a word for each thing. */
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Network", networkLabel() + ", pictures of " + size + " × " + size + " pixels");
    facts.put("Downscaler", downscalerLabel());
    facts.put("Teacher", describe(teacher));
    facts.put("Students", describe(student));
    return facts;
  }

  /** Returns the network, for people, whatever the number of classes. */
  public String networkLabel() {
    return network.label();
  }

  /** Returns the form of the learned downscaler, for people. */
  public String downscalerLabel() {
    return downscaler.label();
  }

  private static String describe(Recipe recipe) {
    return String.format(
        Locale.ROOT,
        "%d epochs, batches of %d, peak learning rate %.3g, weight decay %.2g, label smoothing %s",
        recipe.epochs(),
        recipe.batchSize(),
        recipe.learningRate(),
        recipe.weightDecay(),
        recipe.labelSmoothing());
  }
}
