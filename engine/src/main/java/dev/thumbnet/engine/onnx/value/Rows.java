package dev.thumbnet.engine.onnx.value;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.onnx.value.Value.Live;
import dev.thumbnet.engine.onnx.value.Value.Numbers;
import dev.thumbnet.engine.onnx.value.Weights.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A value and a matrix that it is multiplied by, made ready: the rows of the matrix are in the
 * order in which the elements along the value's last axis lie in memory.
 *
 * @param x ends with the axis that is summed over
 * @param weight a matrix with as many rows
 * @param result how the axes of the product lie
 */
public record Rows(Tensor x, Tensor weight, Arrangement result) {

  /**
   * Makes them ready.
   *
   * @param x ends, as the file counts, with the axis that is summed over
   * @param w (rows, columns)
   */
  public static Rows of(Live x, Value w, Weights weights) {
    Value matrix = w instanceof Numbers ? Values.live(w, weights, Role.WEIGHT) : w;
    Map<Atom, List<Atom>> piecesOfX = new HashMap<>();
    Map<Atom, List<Atom>> piecesOfW = new HashMap<>();
    Arrangement ofX = x.arrangement();
    Arrangement ofW = Values.arrangement(matrix);
    int last = ofX.rank() - 1;
    if (Reshaping.common(ofX.axes().get(last), ofW.axes().getFirst(), piecesOfX, piecesOfW)
        == null) {
      Live rows = Values.inRows(x);
      return of(new Live(rows.tensor(), Values.rowsLike(ofX, rows.dims())), w, weights);
    }
    return ready(
        new Live(x.tensor(), ofX.split(piecesOfX)),
        Values.counted(matrix, ofW.split(piecesOfW)),
        weights);
  }

  private static Rows ready(Live x, Value w, Weights weights) {
    Arrangement a = x.arrangement();
    List<Atom> along = a.axes().getLast();
    List<Atom> others = new ArrayList<>(a.order());
    others.removeAll(along);
    List<Atom> inMemory = new ArrayList<>(a.order());
    inMemory.retainAll(along);

    List<Atom> order = new ArrayList<>(others);
    order.addAll(inMemory);
    int rows = Arrangement.extent(along);
    int[] shape =
        IntStream.concat(others.stream().mapToInt(Atom::extent), IntStream.of(rows)).toArray();
    Tensor left = Values.shaped(Values.moved(x, order).tensor(), shape);

    List<Atom> columns = Values.arrangement(w).axes().getLast();
    List<Atom> orderOfW = new ArrayList<>(inMemory);
    orderOfW.addAll(columns);
    int[] shapeOfW = {rows, Arrangement.extent(columns)};
    Tensor right = Values.tensor(w, orderOfW, shapeOfW, weights, Role.WEIGHT);

    List<List<Atom>> axes = new ArrayList<>(a.axes());
    axes.set(a.rank() - 1, columns);
    List<Atom> result = new ArrayList<>(others);
    result.addAll(columns);
    return new Rows(left, right, new Arrangement(axes, result));
  }
}
