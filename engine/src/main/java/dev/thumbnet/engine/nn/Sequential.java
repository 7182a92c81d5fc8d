package dev.thumbnet.engine.nn;

import dev.thumbnet.engine.Tensor;
import java.util.List;

/**
 * Runs modules one after the other; their names are "0", "1" and so on. A {@link BatchNorm2d}
 * directly followed by a {@link ReLU} runs as one pass.
 */
public final class Sequential extends Module {
  private final List<Module> layers;

  /** Makes a chain. */
  public Sequential(Module... layers) {
    this(List.of(layers));
  }

  /** Makes a chain. */
  public Sequential(List<? extends Module> layers) {
    this.layers = List.copyOf(layers);
    for (int i = 0; i < layers.size(); i++) {
      child(Integer.toString(i), layers.get(i));
    }
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor y = x;
    for (int i = 0; i < layers.size(); i++) {
      boolean beforeRelu = i + 1 < layers.size() && layers.get(i + 1) instanceof ReLU;
      if (beforeRelu && layers.get(i) instanceof BatchNorm2d norm) {
        y = norm.forwardRelu(y);
        i++;
      } else {
        y = layers.get(i).forward(y);
      }
    }
    return y;
  }

  /** Returns the modules in their order. */
  public List<Module> layers() {
    return layers;
  }
}
