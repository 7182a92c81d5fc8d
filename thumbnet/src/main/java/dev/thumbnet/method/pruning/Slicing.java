package dev.thumbnet.method.pruning;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.State;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Classifier.InnerConvolution;
import dev.thumbnet.model.Models;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes channels out of a network. What is left is no masked network but a smaller one: of each
 * inner convolution it has the filters that stay and their biases, of the normalisation behind it
 * their scale, shift, mean and variance, and of the next convolution the weights for them.
 */
final class Slicing {
  /** What a layer has for each of its outputs, on its last axis. */
  private static final List<String> PER_OUTPUT =
      List.of(".weight", ".bias", ".running_mean", ".running_var");

  private Slicing() {}

  /**
   * Returns a network without the channels that are not chosen.
   *
   * @param network is not changed
   * @param choices one for each of its inner convolutions, in their order
   * @throws IllegalArgumentException if there are more or fewer choices than convolutions
   */
  static Classifier slice(Classifier network, List<Choice> choices, Device device) {
    List<InnerConvolution> inner = network.innerConvolutions();
    if (inner.size() != choices.size()) {
      throw new IllegalArgumentException(
          choices.size() + " choices for " + inner.size() + " convolutions");
    }
    State state = network.state();
    Map<String, Tensor> tensors = new LinkedHashMap<>(state.tensors());
    for (int i = 0; i < inner.size(); i++) {
      InnerConvolution convolution = inner.get(i);
      Choice choice = choices.get(i);
      Choice unscaled = Choice.of(choice.channels());
      List<String> layers = new ArrayList<>(List.of(convolution.name()));
      convolution.normalization().ifPresent(layers::add);
      for (String layer : layers) {
        for (String name : PER_OUTPUT) {
          tensors.computeIfPresent(
              layer + name, (_, t) -> select(t, t.shape().rank() - 1, unscaled));
        }
      }
      tensors.computeIfPresent(convolution.next() + ".weight", (_, w) -> select(w, 2, choice));
    }
    List<Integer> counts = choices.stream().map(choice -> choice.channels().size()).toList();
    Classifier thin = Models.classifier(network.architecture().withInnerChannels(counts), device);
    thin.load(new State(tensors, state.counters()));
    return thin;
  }

  /** Returns a choice of the slices along an axis, each multiplied by its scale. */
  private static Tensor select(Tensor tensor, int axis, Choice choice) {
    int before = tensor.shape().size(0, axis);
    int extent = tensor.dim(axis);
    int behind = tensor.shape().size(axis + 1, tensor.shape().rank());
    int kept = choice.channels().size();
    double[] from = tensor.toDoubleArray();
    double[] to = new double[before * kept * behind];
    for (int i = 0; i < before; i++) {
      for (int j = 0; j < kept; j++) {
        int source = (i * extent + choice.channels().get(j)) * behind;
        int target = (i * kept + j) * behind;
        double scale = choice.scales().get(j);
        for (int k = 0; k < behind; k++) {
          to[target + k] = scale * from[source + k];
        }
      }
    }
    return Tensor.of(tensor.device(), to, tensor.shape().with(axis, kept).toArray());
  }
}
