package dev.thumbnet.model;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.io.StateDict;
import dev.thumbnet.engine.nn.Module;
import java.util.List;

/**
 * A network from pictures (n, h, w, 3) to logits (n, classes) that is cut in two: the left segment
 * yields features of an eighth of the side length, which ThumbNet's feature mapping compares
 * between teacher and student, and the right segment turns them into logits.
 */
public abstract class Classifier extends Module {
  private final Architecture architecture;

  Classifier(Architecture architecture) {
    this.architecture = architecture;
  }

  /** Returns what this network is. */
  public final Architecture architecture() {
    return architecture;
  }

  /** Returns the segment from pictures to features; its layers are those of this network. */
  public abstract Module left();

  /** Returns the segment from features to logits; its layers are those of this network. */
  public abstract Module right();

  /** Returns the number of channels of the features between the segments. */
  public abstract int featureChannels();

  /**
   * Returns its convolutions that are larger than 1x1, in their order, as the setting {@code
   * factors} made them, see {@link Factors}; none if the family has no such setting.
   */
  public List<Module> convolutions() {
    return List.of();
  }

  /**
   * Says which weights PyTorch arranges otherwise than by their shape; most networks have none.
   *
   * @param stateDict of a module that contains this one
   * @param prefix of the names of this one's weights there
   */
  void arrange(StateDict stateDict, String prefix) {}

  @Override
  public final Tensor forward(Tensor x) {
    return right().forward(left().forward(x));
  }
}
