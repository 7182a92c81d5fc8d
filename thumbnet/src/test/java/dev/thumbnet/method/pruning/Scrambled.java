package dev.thumbnet.method.pruning;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;

/** Networks of which no weight and no statistic is that of a start. */
final class Scrambled {
  private Scrambled() {}

  static Classifier network(Architecture architecture, Device device) {
    Rng rng = new Rng(1);
    Classifier network = Models.classifier(architecture, device, rng);
    for (Module module : network.modules()) {
      if (module instanceof BatchNorm2d norm) {
        norm.weight().tensor().fill(() -> 0.7 + 0.6 * rng.nextDouble());
        norm.bias().tensor().fill(() -> 0.2 * rng.nextGaussian());
        norm.runningMean().fill(() -> 0.2 * rng.nextGaussian());
        norm.runningVariance().fill(() -> 0.5 + rng.nextDouble());
      } else if (module instanceof Conv2d conv && conv.bias() != null) {
        conv.bias().tensor().fill(() -> 0.1 * rng.nextGaussian());
      }
    }
    network.eval();
    return network;
  }

  /** Makes channels of the first convolution of ResNet's first block give nothing but zeros. */
  static void silence(Classifier network, int... channels) {
    for (int channel : channels) {
      set(network, "layer1.0.bn1.weight", channel, 0);
      set(network, "layer1.0.bn1.bias", channel, 0);
    }
  }

  /** Makes channels of the same convolution always positive. */
  static void raise(Classifier network, int... channels) {
    for (int channel : channels) {
      set(network, "layer1.0.bn1.bias", channel, 10);
    }
  }

  private static void set(Classifier network, String name, int index, double value) {
    Tensor tensor = network.state().tensors().get(name);
    double[] values = tensor.toDoubleArray();
    values[index] = value;
    tensor.copyFrom(values);
  }

  static float[] pictures(int n, int size) {
    Rng rng = new Rng(2);
    float[] pictures = new float[n * size * size * 3];
    for (int i = 0; i < pictures.length; i++) {
      pictures[i] = (float) rng.nextGaussian();
    }
    return pictures;
  }
}
