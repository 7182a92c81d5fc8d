package dev.thumbnet.bench.endure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.bench.endure.ModelMutator.Kind;
import dev.thumbnet.bench.endure.ModelMutator.Mutant;
import dev.thumbnet.engine.Device;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Whatever happens to a model's file, it is refused by name or still works. */
final class ModelMutantsTest {
  private static final int MUTANTS = 900;

  @Test
  void damagedModelsAreRefusedOrWork() throws IOException {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(14);
    List<String> violations = new ArrayList<>();
    Map<Kind, Integer> accepted = new EnumMap<>(Kind.class);
    Map<Kind, Integer> refused = new EnumMap<>(Kind.class);
    try (Device device = Device.cpu(1)) {
      ModelTrial trial = new ModelTrial(device);
      List<byte[]> models = ModelTrial.models(device);
      for (byte[] model : models) {
        assertThat(trial.run(model)).isEqualTo(new ModelTrial.Outcome(true, Optional.empty()));
        ModelMutator mutator = new ModelMutator(model);
        for (int i = 0; i < MUTANTS / models.size(); i++) {
          Mutant mutant = mutator.next(random);
          ModelTrial.Outcome outcome = trial.run(mutant.content());
          (outcome.accepted() ? accepted : refused).merge(mutant.kind(), 1, Integer::sum);
          outcome.violation().ifPresent(v -> violations.add(mutant.kind() + ": " + v));
        }
      }
    }
    assertThat(violations).isEmpty();
    assertThat(refused).containsKeys(Kind.values());
    assertThat(accepted).containsKeys(Kind.BIT_ANYWHERE, Kind.METADATA_VALUE, Kind.WEIGHT);
  }

  @Test
  void mutantsAreTheSameForTheSameSeed() throws IOException {
    ModelMutator mutator;
    try (Device device = Device.cpu(1)) {
      mutator = new ModelMutator(ModelTrial.models(device).getFirst());
    }
    RandomGenerator one = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    RandomGenerator two = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    for (int i = 0; i < 100; i++) {
      Mutant a = mutator.next(one);
      Mutant b = mutator.next(two);
      assertThat(a.kind()).isEqualTo(b.kind());
      assertThat(a.content()).isEqualTo(b.content());
    }
  }
}
