package dev.thumbnet.method.slimmable;

import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.model.Classifier;
import java.util.ArrayList;
import java.util.List;

/**
 * Several networks in one: a wide one, and narrower ones of its first channels. All that is learnt
 * or changes with training is in this tree: the weights once, in the wide network, and for each
 * narrower one what it has alone.
 */
final class SlimmableNetwork extends Module {
  private final Classifier widest;
  private final List<NarrowNetwork> narrower = new ArrayList<>();
  private Rng rng = new Rng(0);

  /**
   * Makes the narrower networks of a wide one, with whose weights they begin.
   *
   * @param widest becomes a part of this
   * @param widths of the networks, from 1 down
   * @param ownAffine whether each width has scale and shift of normalisation of its own
   */
  SlimmableNetwork(Classifier widest, List<Double> widths, boolean ownAffine) {
    if (widths.getFirst() != 1) {
      throw new IllegalArgumentException("the first width is that of the whole, 1: " + widths);
    }
    this.widest = child("widest", widest);
    for (double width : widths.subList(1, widths.size())) {
      NarrowNetwork network = new NarrowNetwork(widest, width, ownAffine);
      narrower.add(child("narrower" + narrower.size(), network));
    }
  }

  /** Returns the wide network, which has the weights. */
  Classifier widest() {
    return widest;
  }

  /** Returns the others, from the widest to the narrowest. */
  List<NarrowNetwork> narrower() {
    return narrower;
  }

  /**
   * Returns a network of the family that computes what a width does now, in evaluation mode; the
   * same one each time, see {@link NarrowNetwork#upToDate}.
   *
   * @throws IllegalArgumentException if there is no such width
   */
  Classifier plain(double width) {
    if (width == 1) {
      widest.eval();
      return widest;
    }
    return narrower.stream()
        .filter(network -> network.width() == width)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no width " + width))
        .upToDate(widest.state().counters());
  }

  /** Returns what random choices of this step are drawn from. */
  Rng rng() {
    return rng;
  }

  @Override
  protected void restart(Rng ofStep) {
    rng = ofStep;
  }

  /** Computes what the wide network does. */
  @Override
  public Tensor forward(Tensor x) {
    return widest.forward(x);
  }
}
