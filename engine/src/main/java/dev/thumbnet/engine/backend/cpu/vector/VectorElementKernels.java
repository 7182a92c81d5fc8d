package dev.thumbnet.engine.backend.cpu.vector;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.thumbnet.engine.backend.cpu.ElementKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

final class VectorElementKernels implements ElementKernels {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

  /** max(v, 0) in two instructions; {@code FloatVector.max} takes six, for the sake of -0. */
  static FloatVector relu(FloatVector v, FloatVector zero) {
    return v.blend(zero, v.compare(LT, zero));
  }

  @Override
  public void relu(int n, float[] x, int xo, float[] y, int yo) {
    FloatVector zero = FloatVector.zero(F);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      relu(FloatVector.fromArray(F, x, xo + i), zero).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Math.max(x[xo + i], 0);
    }
  }

  @Override
  public void addRelu(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo) {
    FloatVector zero = FloatVector.zero(F);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector sum =
          FloatVector.fromArray(F, a, ao + i).add(FloatVector.fromArray(F, b, bo + i));
      relu(sum, zero).intoArray(out, oo + i);
    }
    for (; i < n; i++) {
      out[oo + i] = Math.max(a[ao + i] + b[bo + i], 0);
    }
  }

  @Override
  public void reluBackward(int n, float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo) {
    FloatVector zero = FloatVector.zero(F);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      var positive = FloatVector.fromArray(F, y, yo + i).compare(GT, zero);
      zero.blend(FloatVector.fromArray(F, dy, dyo + i), positive).intoArray(dx, dxo + i);
    }
    for (; i < n; i++) {
      dx[dxo + i] = y[yo + i] > 0 ? dy[dyo + i] : 0;
    }
  }

  @Override
  public void leakyRelu(int n, float slope, float[] x, int xo, float[] y, int yo) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector slopes = FloatVector.broadcast(F, slope);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, xo + i);
      v.mul(slopes).blend(v, v.compare(GT, zero)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      float v = x[xo + i];
      y[yo + i] = v > 0 ? v : slope * v;
    }
  }

  @Override
  public void leakyReluBackward(
      int n, float slope, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector slopes = FloatVector.broadcast(F, slope);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      var positive = FloatVector.fromArray(F, x, xo + i).compare(GT, zero);
      FloatVector g = FloatVector.fromArray(F, dy, dyo + i);
      g.mul(slopes).blend(g, positive).intoArray(dx, dxo + i);
    }
    for (; i < n; i++) {
      float g = dy[dyo + i];
      dx[dxo + i] = x[xo + i] > 0 ? g : slope * g;
    }
  }
}
