package dev.thumbnet.method;

import dev.thumbnet.data.Loader;
import dev.thumbnet.train.Trainer;
import dev.thumbnet.train.Trainer.Course;
import dev.thumbnet.train.TrainingData;
import dev.thumbnet.train.TrainingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A training that is ready to be run, once, alone or side by side with others on the same batches.
 *
 * @param data the pictures
 * @param batchSize pictures in a step
 * @param course what is done with them; its seed also decides their order and variation
 * @param finish makes what the training gives of how it ended
 */
public record PreparedTraining(
    TrainingData data, int batchSize, Course course, Function<TrainingResult, Trained> finish) {

  /** Tells whether it learns from the same batches as another one, on the same device. */
  public boolean sharesBatches(PreparedTraining other) {
    return data == other.data
        && batchSize == other.batchSize
        && course.seed() == other.course.seed()
        && course.device() == other.course.device();
  }

  /**
   * Trains, or goes on from a checkpoint.
   *
   * @throws ArithmeticException if training diverges
   * @throws IllegalStateException if the checkpoint belongs to another training
   */
  public Trained run() {
    return run(List.of(this)).getFirst().get();
  }

  /**
   * Runs several that all {@linkplain #sharesBatches share their batches} side by side. Each ends
   * with the same bits as alone.
   *
   * @return what each of them gives, in their order, unfinished if training was stopped; or the
   *     {@link ArithmeticException} of one that diverged, which is thrown when it is asked for
   * @throws IllegalStateException if a checkpoint belongs to another training
   */
  public static List<Supplier<Trained>> run(List<PreparedTraining> trainings) {
    PreparedTraining first = trainings.getFirst();
    if (!trainings.stream().allMatch(first::sharesBatches)) {
      throw new IllegalArgumentException("trainings side by side learn from the same batches");
    }
    try (Loader loader = first.data.loader(first.batchSize, first.course.seed())) {
      List<Supplier<TrainingResult>> results =
          Trainer.train(loader, trainings.stream().map(PreparedTraining::course).toList());
      List<Supplier<Trained>> trained = new ArrayList<>();
      for (int i = 0; i < results.size(); i++) {
        PreparedTraining training = trainings.get(i);
        Supplier<TrainingResult> result = results.get(i);
        trained.add(() -> training.finish.apply(result.get()));
      }
      return trained;
    }
  }
}
