package dev.thumbnet.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.data.Loader;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.optim.LrSchedule;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.engine.optim.Sgd;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.Trainer.Course;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What trainings side by side work out once costs each of those that use it an equal part. */
final class SharedTimeTest {
  private static final Device CPU = Device.cpu();
  private static final int STEPS = 4;

  /** A training that says how long it worked for all; less than nothing: it used nothing. */
  private static Course course(double seconds) {
    Linear layer = new Linear(CPU, 3, 3, false, new Rng(1));
    Phase phase =
        new Phase(
            "one",
            1,
            (_, _) -> {
              Losses losses = new Losses().add("L", 1, Ops.sum(layer.weight().tensor()));
              return seconds < 0
                  ? losses
                  : new Losses().addAll(losses.sharing(seconds), "").sharing(0);
            },
            () -> new Sgd(List.of(ParamGroup.all("", layer, 0)), 0, false),
            steps -> LrSchedule.cosine(0.001, 0, steps),
            0,
            0,
            0,
            null);
    return new Course(layer, CPU, 1, Provenance.on(CPU), List.of(phase), RunOptions.plain());
  }

  private static List<Double> seconds(double... shared) {
    List<Course> courses = Arrays.stream(shared).mapToObj(SharedTimeTest::course).toList();
    try (Loader loader = TinyPictures.data().loader(6, 7)) {
      assertThat(loader.batches()).isEqualTo(STEPS);
      return Trainer.train(loader, courses).stream()
          .map(result -> result.get().history().getLast().seconds())
          .toList();
    }
  }

  @Test
  void eachPaysItsPart() {
    List<Double> found = seconds(3000, 0, -1);
    // The first said that it worked for 3,000 s, which it did not: they are taken from it and given
    // to both that use what came of it.
    assertThat(found.get(0)).isBetween(-1500.0 * STEPS, -1500.0 * STEPS + 60);
    assertThat(found.get(1)).isBetween(1500.0 * STEPS, 1500.0 * STEPS + 60);
    assertThat(found.get(2)).isBetween(0.0, 60.0);
  }
}
