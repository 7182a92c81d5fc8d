package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.SmoothKernels;
import dev.thumbnet.engine.backend.cpu.vector.tile.Lanes;
import dev.thumbnet.engine.backend.cpu.vector.tile.SmoothFunctions;
import dev.thumbnet.engine.backend.cpu.vector.tile.VectorFunctions;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Each function in a loop of its own, for C2 to inline; the end of a run goes through it, too. */
abstract class VectorSmoothKernels implements SmoothKernels {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

  @Override
  public void erf(int n, float[] x, int xo, float[] y, int yo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, xo + i);
      SmoothFunctions.erf(v).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      SmoothFunctions.erf(v).intoArray(y, yo + i, rest);
    }
  }

  @Override
  public void erfBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, xo + i);
      FloatVector slope = SmoothFunctions.erfSlope(v);
      FloatVector.fromArray(F, dy, dyo + i).mul(slope).intoArray(dx, dxo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      FloatVector slope = SmoothFunctions.erfSlope(v);
      FloatVector.fromArray(F, dy, dyo + i, rest).mul(slope).intoArray(dx, dxo + i, rest);
    }
  }

  @Override
  public void gelu(int n, float[] x, int xo, float[] y, int yo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, xo + i);
      SmoothFunctions.gelu(v).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      SmoothFunctions.gelu(v).intoArray(y, yo + i, rest);
    }
  }

  @Override
  public void geluBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, xo + i);
      FloatVector slope = SmoothFunctions.geluSlope(v);
      FloatVector.fromArray(F, dy, dyo + i).mul(slope).intoArray(dx, dxo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      FloatVector slope = SmoothFunctions.geluSlope(v);
      FloatVector.fromArray(F, dy, dyo + i, rest).mul(slope).intoArray(dx, dxo + i, rest);
    }
  }

  @Override
  public void geluTanh(int n, float[] x, int xo, float[] y, int yo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, xo + i);
      SmoothFunctions.geluTanh(v).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      SmoothFunctions.geluTanh(v).intoArray(y, yo + i, rest);
    }
  }

  @Override
  public void geluTanhBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, xo + i);
      FloatVector slope = SmoothFunctions.geluTanhSlope(v);
      FloatVector.fromArray(F, dy, dyo + i).mul(slope).intoArray(dx, dxo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      FloatVector slope = SmoothFunctions.geluTanhSlope(v);
      FloatVector.fromArray(F, dy, dyo + i, rest).mul(slope).intoArray(dx, dxo + i, rest);
    }
  }

  @Override
  public void softplus(int n, float[] x, int xo, float[] y, int yo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, xo + i);
      SmoothFunctions.softplus(v).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      SmoothFunctions.softplus(v).intoArray(y, yo + i, rest);
    }
  }

  @Override
  public void softplusBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, xo + i);
      FloatVector slope = VectorFunctions.sigmoid(v);
      FloatVector.fromArray(F, dy, dyo + i).mul(slope).intoArray(dx, dxo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      FloatVector slope = VectorFunctions.sigmoid(v);
      FloatVector.fromArray(F, dy, dyo + i, rest).mul(slope).intoArray(dx, dxo + i, rest);
    }
  }

  @Override
  public void mish(int n, float[] x, int xo, float[] y, int yo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, xo + i);
      SmoothFunctions.mish(v).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      SmoothFunctions.mish(v).intoArray(y, yo + i, rest);
    }
  }

  @Override
  public void mishBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, xo + i);
      FloatVector slope = SmoothFunctions.mishSlope(v);
      FloatVector.fromArray(F, dy, dyo + i).mul(slope).intoArray(dx, dxo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      FloatVector slope = SmoothFunctions.mishSlope(v);
      FloatVector.fromArray(F, dy, dyo + i, rest).mul(slope).intoArray(dx, dxo + i, rest);
    }
  }

  @Override
  public void elu(
      int n, float scale, float alpha, float rate, float[] x, int xo, float[] y, int yo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, xo + i);
      SmoothFunctions.elu(v, scale, alpha, rate).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      SmoothFunctions.elu(v, scale, alpha, rate).intoArray(y, yo + i, rest);
    }
  }

  @Override
  public void eluBackward(
      int n,
      float scale,
      float alpha,
      float rate,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, xo + i);
      FloatVector slope = SmoothFunctions.eluSlope(v, scale, alpha, rate);
      FloatVector.fromArray(F, dy, dyo + i).mul(slope).intoArray(dx, dxo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      FloatVector slope = SmoothFunctions.eluSlope(v, scale, alpha, rate);
      FloatVector.fromArray(F, dy, dyo + i, rest).mul(slope).intoArray(dx, dxo + i, rest);
    }
  }
}
