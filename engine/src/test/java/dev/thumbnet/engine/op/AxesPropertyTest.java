package dev.thumbnet.engine.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Broadcasts and reductions of any shape over any axes equal loops over single elements. */
class AxesPropertyTest {
  private static final Device DEVICE = Device.reference();

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void reductions(
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 3) Integer> extents,
      @ForAll @IntRange(min = 1, max = 31) int mask,
      @ForAll long seed) {
    int[] dims = extents.stream().mapToInt(i -> i).toArray();
    int[] axes = IntStream.range(0, dims.length).filter(a -> (mask >> a & 1) == 1).toArray();
    boolean all = axes.length == 0;
    Tensor x = random(seed, dims).requiresGrad(true);
    double[] v = x.toDoubleArray();
    int[] kept =
        IntStream.range(0, dims.length).filter(a -> !all && (mask >> a & 1) == 0).toArray();
    Shape small = Shape.of(Arrays.stream(kept).map(a -> dims[a]).toArray());
    double[] sums = new double[small.size()];
    int[] target = new int[v.length];
    for (int i = 0; i < v.length; i++) {
      int[] index = index(i, dims);
      for (int a : kept) {
        target[i] = target[i] * dims[a] + index[a];
      }
      sums[target[i]] += v[i];
    }
    Tensor y = Ops.sum(x, axes);
    assertThat(y.shape()).isEqualTo(small);
    assertThat(y.toDoubleArray()).containsExactly(sums, within(1e-12));
    Tensor dy = random(seed + 1, small.toArray());
    y.backward(dy);
    double[] expected = Arrays.stream(target).mapToDouble(i -> dy.toDoubleArray()[i]).toArray();
    assertThat(x.grad().toDoubleArray()).isEqualTo(expected);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void broadcasts(
      @ForAll @Size(max = 5) List<@IntRange(min = 1, max = 3) Integer> extents,
      @ForAll @IntRange(min = 0, max = 31) int leftOnes,
      @ForAll @IntRange(min = 0, max = 31) int rightOnes,
      @ForAll @IntRange(min = 0, max = 5) int dropped,
      @ForAll long seed) {
    int[] dims = extents.stream().mapToInt(i -> i).toArray();
    int[] left = withOnes(dims, leftOnes);
    int[] right = withOnes(dims, rightOnes);
    right = Arrays.copyOfRange(right, Math.min(dropped, dims.length), dims.length);
    Tensor a = random(seed, left).requiresGrad(true);
    Tensor b = random(seed + 1, right).requiresGrad(true);
    int[] result = new int[dims.length];
    int lead = dims.length - right.length;
    for (int i = 0; i < dims.length; i++) {
      result[i] = Math.max(left[i], i < lead ? 1 : right[i - lead]);
    }
    Tensor sum = Ops.sub(a, b);
    Tensor product = Ops.mul(a, b);
    assertThat(sum.shape()).isEqualTo(Shape.of(result));
    assertThat(product.shape()).isEqualTo(Shape.of(result));
    double[] dSum = random(seed + 2, result).toDoubleArray();
    double[] dProduct = random(seed + 3, result).toDoubleArray();
    sum.backward(Tensor.of(DEVICE, dSum, result));
    product.backward(Tensor.of(DEVICE, dProduct, result));
    double[] va = a.toDoubleArray();
    double[] vb = b.toDoubleArray();
    double[] da = new double[va.length];
    double[] db = new double[vb.length];
    for (int i = 0; i < dSum.length; i++) {
      int[] index = index(i, result);
      int ia = position(index, left);
      int ib = position(index, right);
      assertThat(sum.toDoubleArray()[i]).isEqualTo(va[ia] - vb[ib]);
      assertThat(product.toDoubleArray()[i]).isEqualTo(va[ia] * vb[ib]);
      da[ia] += dSum[i] + dProduct[i] * vb[ib];
      db[ib] += -dSum[i] + dProduct[i] * va[ia];
    }
    assertThat(a.grad().toDoubleArray()).containsExactly(da, within(1e-11));
    assertThat(b.grad().toDoubleArray()).containsExactly(db, within(1e-11));
  }

  private static Tensor random(long seed, int... dims) {
    Tensor t = Tensor.zeros(DEVICE, dims);
    t.fill(new Rng(seed)::nextGaussian);
    return t;
  }

  private static int[] withOnes(int[] dims, int mask) {
    int[] changed = dims.clone();
    for (int a = 0; a < dims.length; a++) {
      changed[a] = (mask >> a & 1) == 1 ? 1 : dims[a];
    }
    return changed;
  }

  /** Returns the index along each axis of the element at a position. */
  private static int[] index(int position, int[] dims) {
    int[] index = new int[dims.length];
    int rest = position;
    for (int a = dims.length - 1; a >= 0; a--) {
      index[a] = rest % dims[a];
      rest /= dims[a];
    }
    return index;
  }

  /** Returns the position of an element whose last indices are given; axes of extent 1 repeat. */
  private static int position(int[] index, int[] dims) {
    int position = 0;
    int lead = index.length - dims.length;
    for (int a = 0; a < dims.length; a++) {
      position = position * dims[a] + (dims[a] == 1 ? 0 : index[lead + a]);
    }
    return position;
  }
}
