package dev.thumbnet.engine.onnx.value;

import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.onnx.value.Value.Live;
import dev.thumbnet.engine.onnx.value.Value.Numbers;
import dev.thumbnet.engine.onnx.value.Value.Weight;
import dev.thumbnet.engine.onnx.value.Weights.Role;
import dev.thumbnet.engine.op.Ops;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Brings values into the order in memory that an operation needs. */
public final class Values {
  /** The number of a picture's axes. */
  public static final int PICTURE_RANK = 4;

  private static final int[] PICTURE = {0, 2, 3, 1};

  private Values() {}

  /** Returns a tensor with this shape, itself if it has it. */
  public static Tensor shaped(Tensor tensor, int... shape) {
    return tensor.shape().equals(Shape.of(shape)) ? tensor : Ops.reshape(tensor, shape);
  }

  /**
   * Returns a value as a tensor whose elements lie in an order.
   *
   * @param value no numbers, which have no atoms
   * @param order the atoms of the value's arrangement
   * @param shape of the tensor
   */
  public static Tensor tensor(
      Value value, List<Atom> order, int[] shape, Weights weights, Role role) {
    return switch (value) {
      case Live live -> shaped(moved(live, order).tensor(), shape);
      case Weight weight -> weights.tensor(weight, order, shape, role);
      case Numbers _ -> throw new IllegalStateException("numbers have no atoms");
    };
  }

  /**
   * Returns a value as a tensor.
   *
   * @param memory which axis is the first in memory, the second and so on
   */
  public static Tensor tensor(Value value, int[] memory, Weights weights, Role role) {
    Value ordered = value instanceof Numbers numbers ? live(numbers, weights) : value;
    Arrangement arrangement = arrangement(ordered);
    int[] shape = Arrays.stream(memory).map(arrangement::dim).toArray();
    return tensor(ordered, arrangement.atoms(memory), shape, weights, role);
  }

  /** Returns a value with a tensor, in whichever order it has. */
  public static Live live(Value value, Weights weights, Role role) {
    return switch (value) {
      case Live live -> live;
      case Weight weight ->
          new Live(
              weights.tensor(
                  weight, weight.arrangement().order(), weight.arrangement().memoryDims(), role),
              weight.arrangement());
      case Numbers numbers -> live(numbers, weights);
    };
  }

  private static Live live(Numbers numbers, Weights weights) {
    if (numbers.values().length == 0) {
      throw new IllegalArgumentException("it takes a constant that has no elements");
    }
    Tensor tensor =
        weights.loaded()
            ? Tensor.of(weights.device(), numbers.values(), numbers.dims())
            : Tensor.placeholder(weights.device(), Shape.of(numbers.dims()));
    return new Live(tensor, Arrangement.rows(numbers.dims()));
  }

  /** Returns how the axes of a value lie. */
  public static Arrangement arrangement(Value value) {
    return switch (value) {
      case Live live -> live.arrangement();
      case Weight weight -> weight.arrangement();
      case Numbers numbers -> Arrangement.rows(numbers.dims());
    };
  }

  /** Returns the same elements as they lie, with axes counted otherwise. */
  public static Value counted(Value value, Arrangement arrangement) {
    return switch (value) {
      case Live live -> new Live(live.tensor(), arrangement);
      case Weight weight -> new Weight(weight.literal(), arrangement);
      case Numbers numbers -> new Numbers(numbers.whole(), arrangement.dims(), numbers.values());
    };
  }

  /** Returns a value whose elements lie in an order; they move only if they do not yet. */
  public static Live moved(Live value, List<Atom> order) {
    Rearrangement moves = Rearrangement.of(value.arrangement().order(), order);
    return moves.isNone()
        ? value
        : new Live(moves.apply(value.tensor()), value.arrangement().inOrder(order));
  }

  /**
   * Returns a value each of whose axes lies as a whole in memory: those of pictures with channels
   * last, others in the order in which the file counts them. Elements move only if they do not.
   */
  public static Live wholeAxes(Live value) {
    int[] memory = value.arrangement().memory();
    if (memory != null) {
      return new Live(
          shaped(value.tensor(), value.arrangement().memoryDims()), value.arrangement());
    }
    int rank = value.arrangement().rank();
    int[] wanted = rank == PICTURE_RANK ? PICTURE.clone() : IntStream.range(0, rank).toArray();
    return inOrder(value, wanted);
  }

  /** Returns a value of rank 4 that lies in memory as (n, h, w, c). */
  public static Live asPicture(Live value) {
    return inOrder(value, PICTURE.clone());
  }

  /** Returns a value whose axes lie as wholes and as the file counts them. */
  public static Live inRows(Live value) {
    return inOrder(value, IntStream.range(0, value.arrangement().rank()).toArray());
  }

  private static Live inOrder(Live value, int... memory) {
    Live moved = moved(value, value.arrangement().atoms(memory));
    int[] shape = IntStream.of(memory).map(moved.arrangement()::dim).toArray();
    return new Live(shaped(moved.tensor(), shape), moved.arrangement());
  }

  /**
   * Returns new axes of these extents that lie in memory as the file counts them; the first is that
   * of pictures if it was in the value that they are made of.
   */
  public static Arrangement rowsLike(Arrangement source, int... dims) {
    boolean pictures =
        dims.length > 0
            && source.rank() > 0
            && source.axes().getFirst().stream().anyMatch(Atom::isPictures)
            && source.dim(0) == dims[0];
    int[] same = IntStream.range(0, dims.length).toArray();
    return pictures ? Arrangement.pictures(dims, same) : Arrangement.rows(dims);
  }
}
