package dev.thumbnet.testing;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Factors;
import dev.thumbnet.model.Models;
import java.util.ArrayList;
import java.util.List;

/** Networks whose convolutions are made of factors of all kinds, in turns, and some are whole. */
public final class MixedFactors {
  private MixedFactors() {}

  public static Architecture of(Architecture whole) {
    List<Factors> factors = new ArrayList<>();
    for (Module convolution : Models.classifier(whole, Device.meta()).convolutions()) {
      Shape weight = ((Conv2d) convolution).weight().tensor().shape();
      int in = weight.dim(2);
      int out = weight.dim(3);
      factors.add(
          switch (factors.size() % 4) {
            case 0 -> new Factors.Tucker(Math.ceilDiv(in, 2), Math.ceilDiv(out, 3));
            case 1 -> new Factors.Spatial(Math.ceilDiv(out, 2));
            case 2 -> new Factors.Svd(Math.ceilDiv(out, 3));
            default -> new Factors.Whole();
          });
    }
    return whole.withFactors(factors);
  }
}
