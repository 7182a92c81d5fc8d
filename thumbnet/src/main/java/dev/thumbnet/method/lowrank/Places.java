package dev.thumbnet.method.lowrank;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.trace.Trace;
import dev.thumbnet.engine.plan.Cost;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Factors;
import dev.thumbnet.model.Models;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/**
 * Where a network has convolutions that are larger than 1x1, and what all of it costs, in
 * multiply-adds for a picture, if they are made of factors.
 */
final class Places {
  /** After so many halvings doubles in [0, 1] have no number between. */
  private static final int HALVINGS = 60;

  private final List<Place> places;
  private final long macs;

  /**
   * A convolution.
   *
   * @param whole on the meta device
   * @param input what it takes for a picture
   */
  private record Place(Conv2d whole, Shape input) {
    long macs(Factors factors) {
      return Cost.of(factors.module(Device.meta(), whole), input).macs();
    }

    /** Returns the factors, or the whole if they cost as much, or it has groups. */
    Factors worthwhile(Factors factors) {
      boolean cheaper = whole.options().groups() == 1 && macs(factors) < macs(new Factors.Whole());
      return cheaper ? factors : new Factors.Whole();
    }
  }

  private Places(List<Place> places, long macs) {
    this.places = places;
    this.macs = macs;
  }

  /**
   * Finds them.
   *
   * @param size side of the pictures
   * @throws IllegalArgumentException if the network is made of factors already
   */
  static Places of(Architecture architecture, int size) {
    Classifier network = Models.classifier(architecture, Device.meta());
    network.eval();
    Shape picture = Shape.of(1, size, size, 3);
    Trace trace = Trace.of(network::forward, Tensor.placeholder(Device.meta(), picture));
    List<Place> places = new ArrayList<>();
    for (Conv2d whole : whole(network)) {
      places.add(new Place(whole, input(trace, whole)));
    }
    return new Places(places, Cost.of(network, picture).macs());
  }

  /**
   * Returns the convolutions of a network that are larger than 1x1.
   *
   * @throws IllegalArgumentException if some are made of factors
   */
  static List<Conv2d> whole(Classifier network) {
    List<Conv2d> whole = new ArrayList<>();
    for (Module module : network.convolutions()) {
      if (!(module instanceof Conv2d convolution)) {
        throw new IllegalArgumentException(
            "low rank starts from whole convolutions, unlike those of a "
                + network.architecture().label());
      }
      whole.add(convolution);
    }
    return whole;
  }

  private static Shape input(Trace trace, Conv2d convolution) {
    Tensor weight = convolution.weight().tensor();
    return trace.steps().stream()
        .map(Trace.Step::operands)
        .filter(operands -> operands.size() > 1 && operands.get(1) == weight)
        .map(operands -> operands.getFirst().shape())
        .findFirst()
        .orElseThrow(() -> new AssertionError("a network that does not use its convolutions"));
  }

  /** Returns what the network may cost to be so many times cheaper than the whole one. */
  long budget(double times) {
    return (long) (macs / times);
  }

  /** Tells whether factors of these everywhere, where they are cheaper, are within a budget. */
  boolean canKeepTo(long budget, Factors least) {
    return macs(worthwhile(Collections.nCopies(places.size(), least))) <= budget;
  }

  /**
   * Returns the factors that keep as much energy as a budget allows, the same share of each
   * convolution's. What factors would not make cheaper is left whole.
   *
   * @param keeping returns the factors of all convolutions for a share; ranks rise with it
   * @throws IllegalArgumentException if the lowest ranks are above the budget
   */
  List<Factors> within(long budget, DoubleFunction<List<Factors>> keeping) {
    double low = 0;
    double high = 1;
    List<Factors> best = worthwhile(keeping.apply(low));
    if (macs(best) > budget) {
      throw new IllegalArgumentException(
          "factors of the lowest ranks take "
              + macs(best)
              + " multiply-adds, more than the "
              + budget
              + " that are asked for");
    }
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      List<Factors> tried = worthwhile(keeping.apply(middle));
      if (macs(tried) <= budget) {
        low = middle;
        best = tried;
      } else {
        high = middle;
      }
    }
    return best;
  }

  private List<Factors> worthwhile(List<Factors> factors) {
    return IntStream.range(0, places.size())
        .mapToObj(i -> places.get(i).worthwhile(factors.get(i)))
        .toList();
  }

  /** Returns the multiply-adds of the network for a picture. */
  long macs(List<Factors> factors) {
    long sum = macs;
    for (int i = 0; i < places.size(); i++) {
      sum += places.get(i).macs(factors.get(i)) - places.get(i).macs(new Factors.Whole());
    }
    return sum;
  }
}
