package dev.thumbnet.train;

import dev.thumbnet.data.Batch;
import dev.thumbnet.data.Loader;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.pipeline.Provenance;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * Does the steps of trainings: batches, gradients, optimiser, averages, evaluation, checkpoints.
 * What a step computes is said by {@link Phase}s.
 *
 * <p>Training stops after a step when {@link RunOptions#stop} says so, and at once when the thread
 * is interrupted, which it stays: then the step that was begun is taken back. A checkpoint is
 * written, and {@link #train} returns. If the checkpoint of the options exists, training goes on
 * from there, and ends with the same bits as if it had not been interrupted. A checkpoint that
 * cannot be written is warned of, and training goes on without.
 *
 * <p>Several trainings on the same batches can be run side by side: pictures are decoded and
 * brought to the device once, and what all of them need of a batch, such as a teacher's answers, is
 * worked out once; the time for it is counted in equal parts. Each ends with the same bits as
 * alone. When they are resumed, those whose checkpoints are older catch up with the others first.
 *
 * <p>Memory does not grow: what a step allocates goes back to the pool. For one thread.
 */
public final class Trainer {
  private static final double NANOS = 1e9;

  /** No sensible loss comes near. */
  static final double DIVERGED = 1e6;

  private final Loader loader;
  private final List<Session> sessions;

  private boolean stopped;

  /**
   * A training, but for its pictures.
   *
   * @param model all that is learnt or changes with training, in one tree, so that it can be saved
   * @param device where the model is
   * @param seed for what layers draw, such as dropout
   * @param provenance what decides the result; a checkpoint must agree with it
   * @param phases at least one
   * @param options how to run
   */
  public record Course(
      Module model,
      Device device,
      long seed,
      Provenance provenance,
      List<Phase> phases,
      RunOptions options) {
    /** Copies the list. */
    public Course {
      phases = List.copyOf(phases);
      if (phases.isEmpty()) {
        throw new IllegalArgumentException("a training has at least one phase");
      }
    }
  }

  private Trainer(Loader loader, List<Course> courses) {
    this.loader = loader;
    this.sessions = courses.stream().map(course -> new Session(course, loader)).toList();
  }

  /**
   * Trains through all phases, or what a checkpoint has left of them. Afterwards the model is in
   * evaluation mode and without gradients.
   *
   * @param loader yields the training pictures; not used by others meanwhile
   * @throws ArithmeticException if the loss grows beyond all bounds
   * @throws IllegalStateException if the checkpoint belongs to another training, or is damaged
   */
  public static TrainingResult train(Loader loader, Course course) {
    return train(loader, List.of(course)).getFirst().get();
  }

  /**
   * Trains several models on the same batches, each as {@link #train(Loader, Course)} would. All
   * stop when one of them is asked to; when one diverges the others go on.
   *
   * @param courses at least one, on the same device, with other models and checkpoints
   * @return how each of them ended, or the {@link ArithmeticException} of one that diverged, which
   *     is thrown when its result is asked for
   * @throws IllegalStateException if a checkpoint belongs to another training, or is damaged
   */
  public static List<Supplier<TrainingResult>> train(Loader loader, List<Course> courses) {
    Trainer trainer = new Trainer(loader, courses);
    trainer.run(courses.getFirst().device());
    return trainer.sessions.stream().map(Session::end).toList();
  }

  private void run(Device device) {
    sessions.forEach(Session::tellStart);
    try {
      for (Optional<Session> last = last(); last.isPresent() && !stopped; last = last()) {
        runEpoch(last.get().epoch(), last.get().step(), device);
      }
    } catch (CancellationException e) {
      // Interrupted. The state of each is that after its last step, perhaps the last of an epoch.
      stopped = true;
    }
  }

  /** Returns the one that has come least far. */
  private Optional<Session> last() {
    return sessions.stream()
        .filter(Session::active)
        .min(Comparator.comparingInt(Session::epoch).thenComparingInt(Session::step));
  }

  /** Runs an epoch from a step on with all that are or come there. */
  private void runEpoch(int epoch, int from, Device device) {
    List<Session> inEpoch =
        sessions.stream().filter(Session::active).filter(s -> s.epoch() == epoch).toList();
    inEpoch.forEach(Session::startEpoch);
    loader.startEpoch(epoch, from);
    while (loader.hasNext()) {
      if (stopRequested()) {
        stopped = true;
        return;
      }
      int step = loader.position();
      List<Session> here =
          inEpoch.stream().filter(Session::active).filter(s -> s.step() == step).toList();
      if (here.isEmpty()) {
        return; // all that were in this epoch have diverged
      }
      runStep(here, device);
    }
    inEpoch.stream().filter(Session::active).forEach(Session::endEpoch);
  }

  private void runStep(List<Session> here, Device device) {
    long start = System.nanoTime();
    Batch batch = loader.next();
    try (TensorScope _ = new TensorScope()) {
      Tensor x = batch.on(device);
      double waited = (System.nanoTime() - start) / NANOS / here.size();
      for (Session session : here) {
        session.runStep(batch, x, waited);
      }
    }
    shareTime(here.stream().filter(session -> session.shared().isPresent()).toList());
  }

  /** What all use of a batch was worked out by the first of them, and is paid for by all. */
  private static void shareTime(List<Session> sharing) {
    double all = sharing.stream().mapToDouble(session -> session.shared().orElseThrow()).sum();
    sharing.forEach(session -> session.share(all / sharing.size()));
  }

  private boolean stopRequested() {
    return Thread.currentThread().isInterrupted()
        || sessions.stream().anyMatch(Session::stopRequested);
  }
}
