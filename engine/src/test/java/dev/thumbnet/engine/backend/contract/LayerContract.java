package dev.thumbnet.engine.backend.contract;

import static dev.thumbnet.engine.testing.Numbers.uniform;

import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.testing.Host;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The layers of the networks at their true size, checked at sampled places: for fast backends. */
public interface LayerContract extends BackendSource {
  /** How many outputs of each convolution are checked. */
  int SAMPLES = 60;

  @ParameterizedTest
  @MethodSource("dev.thumbnet.engine.backend.contract.Problems#conv2d")
  default void layersAtTrueSize(Conv2dProblem p) {
    Host host = new Host(backend());
    double[] x = uniform(1, p.inputSize(), -1, 1);
    double[] weight = uniform(2, p.weightSize(), -1, 1);
    double[] bias = uniform(3, p.k(), -1, 1);
    double[] dy = uniform(4, p.outputSize(), -1, 1);
    Storage xs = host.put(x);
    Storage weights = host.put(weight);
    Storage biases = host.put(bias);
    Storage dys = host.put(dy);
    Storage y = host.room(p.outputSize());
    Storage dx = host.room(p.inputSize());
    Storage dWeight = host.room(p.weightSize());
    backend().conv2d(p, xs, weights, biases, y);
    backend().conv2dBackwardData(p, dys, weights, dx);
    backend().conv2dBackwardWeights(p, xs, dys, dWeight);
    SampledConv sampled = new SampledConv(p, SAMPLES, 5);
    sampled.checkForward(x, weight, bias, host.get(y));
    sampled.checkBackwardData(dy, weight, host.get(dx));
    sampled.checkBackwardWeights(x, dy, host.get(dWeight));
    for (Storage s : new Storage[] {xs, weights, biases, dys, y, dx, dWeight}) {
      backend().release(s);
    }
  }
}
