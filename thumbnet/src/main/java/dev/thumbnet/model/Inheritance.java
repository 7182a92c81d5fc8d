package dev.thumbnet.model;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.op.Ops;
import java.util.Map;

/** How a network that differs from its teacher starts from the teacher's weights all the same. */
final class Inheritance {
  private static final String FIRST = "conv1.weight";

  private Inheritance() {}

  /** See {@link Models#inherit}. */
  static void inherit(Classifier student, Classifier teacher) {
    Architecture own = student.architecture();
    Front front = Front.of(own);
    check(own, teacher.architecture());
    Map<String, Tensor> source = teacher.state().tensors();
    try (Autograd.NoGrad _ = Autograd.noGrad();
        TensorScope _ = new TensorScope()) {
      student
          .state()
          .tensors()
          .forEach(
              (name, tensor) -> {
                Tensor from = source.get(name);
                if (from == null && !name.startsWith(Front.NAME + ".")) {
                  throw unlike(name, own, teacher.architecture());
                }
                if (from != null && name.equals(FIRST) && front != Front.NONE) {
                  front.startAsMean(student, corner(from, tensor.shape().with(2, 3)));
                } else if (from != null) {
                  tensor.copyFrom(corner(from, tensor.shape()));
                }
              });
    }
  }

  private static void check(Architecture student, Architecture teacher) {
    if (student.width() != teacher.width()) {
      checkNarrower(teacher);
    }
  }

  /** See {@link Models#checkNarrower}. */
  static void checkNarrower(Architecture teacher) {
    teacher.checkPrefixes();
    Object hidden = teacher.own().getOrDefault(TorchvisionSettings.HIDDEN, 0);
    if (!hidden.equals(0)) {
      throw new IllegalArgumentException(
          "the hidden layers of "
              + teacher.label()
              + " take whole maps of all channels, of which the first are no smaller network; let"
              + " the student start from scratch, or take a head with a global average");
    }
  }

  /** Returns the first elements of a tensor along each axis, as many as a shape has. */
  private static Tensor corner(Tensor tensor, Shape shape) {
    if (tensor.shape().rank() != shape.rank()) {
      throw new IllegalArgumentException("there is no " + shape + " in " + tensor.shape());
    }
    Tensor corner = tensor;
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (corner.dim(axis) != shape.dim(axis)) {
        corner = Ops.slice(corner, axis, 0, shape.dim(axis));
      }
    }
    return corner;
  }

  private static IllegalArgumentException unlike(
      String name, Architecture student, Architecture teacher) {
    return new IllegalArgumentException(
        "a "
            + student.label()
            + " cannot start from a "
            + teacher.label()
            + ", which has no "
            + name);
  }
}
