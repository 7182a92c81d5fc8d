package dev.thumbnet.bench.endure;

import dev.thumbnet.bench.endure.trial.Outcome;
import dev.thumbnet.bench.endure.trial.Trial;
import dev.thumbnet.engine.Device;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/** Cases that are damaged files of models. */
final class ModelMutants implements Trial {
  private final long seed;
  private final ModelTrial trial;
  private final List<ModelMutator> mutators;

  ModelMutants(long seed) throws IOException {
    this.seed = seed;
    Device device = Device.cpu(1);
    trial = new ModelTrial(device);
    mutators = ModelTrial.models(device).stream().map(ModelMutator::new).toList();
  }

  @Override
  public Outcome attempt(long number) {
    RandomGenerator random = Trial.random(seed, number);
    ModelMutator.Mutant mutant = mutators.get(random.nextInt(mutators.size())).next(random);
    ModelTrial.Outcome found = trial.run(mutant.content());
    return Outcome.of(
        mutant.kind().name(), found.accepted() ? "loaded" : "refused", found.violation());
  }
}
