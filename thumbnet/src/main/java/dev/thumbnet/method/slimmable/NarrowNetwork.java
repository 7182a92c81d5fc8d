package dev.thumbnet.method.slimmable;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Parameter;
import dev.thumbnet.engine.nn.Parameter.Kind;
import dev.thumbnet.engine.nn.State;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A network of the first channels of each layer of a wider one: with C and c channels there and
 * here, a weight (kh, kw, C_in, C_out) gives w[:, :, :c_in, :c_out], and gradients go back into
 * that place. The state of this module is what belongs to this width alone: the statistics of its
 * normalisation and, for slimmable networks, scale and shift.
 */
final class NarrowNetwork extends Module {
  private final double width;
  private final Classifier plain;
  private final Map<String, Slice> shared = new LinkedHashMap<>();

  /**
   * The first channels of a parameter of the wider network.
   *
   * @param whole the parameter
   * @param shape what this width has of it
   * @param places how often each channel occurs along the first axis: once, or for each pixel of a
   *     map that was flattened to (h · w · c)
   */
  private record Slice(Parameter whole, Shape shape, int places) {
    /** Cuts the slice out of what the parameter is now. */
    Tensor cut() {
      if (places == 1) {
        return first(whole.tensor(), shape);
      }
      Tensor w = whole.tensor();
      Tensor byPlace = Ops.reshape(w, places, w.dim(0) / places, w.dim(1));
      Shape wanted = Shape.of(places, shape.dim(0) / places, shape.dim(1));
      return Ops.reshape(first(byPlace, wanted), shape.toArray());
    }

    private static Tensor first(Tensor x, Shape wanted) {
      Tensor y = x;
      for (int axis = 0; axis < wanted.rank(); axis++) {
        if (wanted.dim(axis) < y.dim(axis)) {
          y = Ops.slice(y, axis, 0, wanted.dim(axis));
        }
      }
      return y;
    }
  }

  /**
   * Makes a network.
   *
   * @param whole the wider one
   * @param width share of its channels, below 1
   * @param ownAffine whether this width has scale and shift of normalisation of its own, which
   *     begin as copies of the wider network's, instead of the first of those
   */
  NarrowNetwork(Classifier whole, double width, boolean ownAffine) {
    Architecture of = whole.architecture();
    Device device = whole.parameters().getFirst().tensor().device();
    this.width = width;
    this.plain = Models.classifier(of.withWidth(of.width() * width), device);
    Map<String, Parameter> wide = whole.namedParameters();
    Map<Parameter, Integer> places = places(plain);
    plain
        .namedParameters()
        .forEach(
            (name, own) -> {
              Shape shape = own.tensor().shape();
              Slice slice = new Slice(fitting(wide, name), shape, places.getOrDefault(own, 1));
              if (ownAffine && own.kind() == Kind.NORMALIZATION) {
                copy(slice, parameter(stateName(name), own));
              } else {
                shared.put(name, slice);
              }
            });
    plain.namedBuffers().forEach((name, buffer) -> buffer(stateName(name), buffer));
  }

  private static Parameter fitting(Map<String, Parameter> wide, String name) {
    Parameter parameter = wide.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("the wider network has no " + name);
    }
    return parameter;
  }

  /** Modules have no dots in their names. */
  private static String stateName(String name) {
    return name.replace('.', '_');
  }

  /** Returns how often each channel occurs in the rows of linear layers. */
  private static Map<Parameter, Integer> places(Classifier network) {
    Map<Parameter, Integer> places = new IdentityHashMap<>();
    int channels = 0;
    for (Module m : network.modules()) {
      if (m instanceof Conv2d conv) {
        channels = conv.weight().tensor().dim(-1);
      } else if (m instanceof Linear linear) {
        Tensor weight = linear.weight().tensor();
        places.put(linear.weight(), weight.dim(0) / channels);
        channels = weight.dim(1);
      }
    }
    return places;
  }

  private static void copy(Slice from, Parameter to) {
    try (Autograd.NoGrad _ = Autograd.noGrad();
        TensorScope _ = new TensorScope()) {
      to.tensor().copyFrom(from.cut());
    }
  }

  /** Returns the share of the channels. */
  double width() {
    return width;
  }

  /** Computes logits (n, classes) with what the wider network's weights are now. */
  @Override
  public Tensor forward(Tensor x) {
    if (training()) {
      plain.train();
    } else {
      plain.eval();
    }
    Map<String, Tensor> weights = new LinkedHashMap<>();
    shared.forEach((name, slice) -> weights.put(name, slice.cut()));
    return plain.forwardWith(weights, x);
  }

  @Override
  protected void restart(Rng rng) {
    plain.reseed(rng);
  }

  /**
   * Returns a network of its own that computes what this one does now, in evaluation mode. It is
   * the same one each time, brought up to date; of what it has, only the weights that are shared
   * are copies.
   *
   * @param counters of the wider network, which has normalised as many batches
   */
  Classifier upToDate(Map<String, Long> counters) {
    try (Autograd.NoGrad _ = Autograd.noGrad();
        TensorScope _ = new TensorScope()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>(plain.state().tensors());
      shared.forEach((name, slice) -> tensors.put(name, slice.cut()));
      plain.load(new State(tensors, counters));
    }
    plain.eval();
    return plain;
  }
}
