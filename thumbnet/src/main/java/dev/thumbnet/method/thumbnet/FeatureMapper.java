package dev.thumbnet.method.thumbnet;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import java.util.ArrayList;
import java.util.List;

/**
 * ThumbNet's feature mapper U, used in training only: enlarges the features of the student's left
 * segment to the size of the teacher's, with one stage for each factor of 2, rounded up. A stage
 * doubles by nearest neighbour, then convolves 3x3, normalises and rectifies; a 1x1 convolution and
 * ReLU end it, because the features that it imitates are not negative.
 */
final class FeatureMapper extends Module {
  private final List<Sequential> stages = new ArrayList<>();
  private final Sequential last;

  /**
   * Makes a network.
   *
   * @param channels of the features
   * @param reduction between the two feature maps
   * @param rng draws the initial values
   */
  FeatureMapper(int channels, Reduction reduction, Device device, Rng rng) {
    for (double f = (double) reduction.from() / reduction.to(); f > 1; f /= 2) {
      Sequential stage =
          new Sequential(
              new Conv2d(device, channels, channels, 3, 1, 1, false, null),
              new BatchNorm2d(device, channels),
              new ReLU());
      stages.add(child("stage" + (stages.size() + 1), stage));
    }
    last =
        child(
            "last",
            new Sequential(
                new Conv2d(device, channels, channels, 1, 1, 0, true, null), new ReLU()));
    Models.initialise(this, rng);
  }

  @Override
  public Tensor forward(Tensor features) {
    return forward(features, features.dim(1) << stages.size(), features.dim(2) << stages.size());
  }

  /**
   * Maps features to a given size, for teachers whose feature maps are not an exact multiple of the
   * student's because sizes were rounded up on the way.
   *
   * @param features (n, h, w, channels)
   * @return (n, height, width, channels)
   */
  Tensor forward(Tensor features, int height, int width) {
    Tensor y = features;
    for (int i = 0; i < stages.size(); i++) {
      int left = stages.size() - 1 - i;
      int h = Math.ceilDiv(height, 1 << left);
      int w = Math.ceilDiv(width, 1 << left);
      y = stages.get(i).forward(Ops.resize(y, h, w, Filter.NEAREST));
    }
    return last.forward(y);
  }
}
