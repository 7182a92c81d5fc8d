package dev.thumbnet.model;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.io.StateDict;
import dev.thumbnet.engine.nn.Module;
import java.util.List;
import java.util.Optional;

/**
 * A network from pictures (n, h, w, 3) to logits (n, classes) that is cut in two: the left segment
 * yields features of an eighth of the side length, which ThumbNet's feature mapping compares
 * between teacher and student, and the right segment turns them into logits.
 */
public abstract class Classifier extends Module {
  private final Architecture architecture;

  /**
   * A convolution whose outputs nothing sees but one other convolution, perhaps normalised,
   * rectified and pooled on the way. So any of its output channels can be taken away, together with
   * what the other does with it, and no other shape changes: in a ResNet of basic blocks the first
   * convolution of each block, in a VGG each but the last.
   *
   * @param name of the convolution in the network's state, such as {@code layer1.0.conv1}
   * @param normalization name of the batch normalisation that follows it, if one does
   * @param next name of the convolution that sees the outputs
   * @param channels how many outputs it has
   */
  public record InnerConvolution(
      String name, Optional<String> normalization, String next, int channels) {}

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
   * Returns the convolutions of which channels can be taken away without any other shape changing,
   * in the order in which they are computed; none unless a network says otherwise.
   */
  public List<InnerConvolution> innerConvolutions() {
    return List.of();
  }

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
