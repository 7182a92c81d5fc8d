package dev.thumbnet.engine.backend.cpu.vector;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.thumbnet.engine.backend.cpu.kernel.ElementKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.vector.tile.Lanes;
import dev.thumbnet.engine.backend.cpu.vector.tile.VectorFunctions;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * What does not fill a vector at the end is left to the scalar kernels, except where their results
 * may differ by more than a rounding.
 */
class VectorElementKernels extends VectorSmoothKernels implements ElementKernels {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final int L = F.length();

  private final ElementKernels scalar = Kernels.scalar().elements();

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(F, array, at);
  }

  @Override
  public void linearCombination(
      int n, float alpha, float[] a, int ao, float beta, float[] b, int bo, float[] out, int oo) {
    FloatVector alphas = FloatVector.broadcast(F, alpha);
    FloatVector betas = FloatVector.broadcast(F, beta);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector second = load(b, bo + i).mul(betas);
      load(a, ao + i).fma(alphas, second).intoArray(out, oo + i);
    }
    scalar.linearCombination(n - i, alpha, a, ao + i, beta, b, bo + i, out, oo + i);
  }

  @Override
  public void affine(int n, float scale, float[] x, int xo, float shift, float[] out, int oo) {
    FloatVector scales = FloatVector.broadcast(F, scale);
    FloatVector shifts = FloatVector.broadcast(F, shift);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      load(x, xo + i).fma(scales, shifts).intoArray(out, oo + i);
    }
    scalar.affine(n - i, scale, x, xo + i, shift, out, oo + i);
  }

  @Override
  public void multiply(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      load(a, ao + i).mul(load(b, bo + i)).intoArray(out, oo + i);
    }
    scalar.multiply(n - i, a, ao + i, b, bo + i, out, oo + i);
  }

  @Override
  public void divide(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      load(a, ao + i).div(load(b, bo + i)).intoArray(out, oo + i);
    }
    scalar.divide(n - i, a, ao + i, b, bo + i, out, oo + i);
  }

  @Override
  public void maximum(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      load(a, ao + i).max(load(b, bo + i)).intoArray(out, oo + i);
    }
    scalar.maximum(n - i, a, ao + i, b, bo + i, out, oo + i);
  }

  @Override
  public void minimum(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      load(a, ao + i).min(load(b, bo + i)).intoArray(out, oo + i);
    }
    scalar.minimum(n - i, a, ao + i, b, bo + i, out, oo + i);
  }

  @Override
  public void relu(int n, float[] x, int xo, float[] y, int yo) {
    FloatVector zero = FloatVector.zero(F);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      VectorFunctions.relu(load(x, xo + i), zero).intoArray(y, yo + i);
    }
    scalar.relu(n - i, x, xo + i, y, yo + i);
  }

  @Override
  public void addRelu(int n, float[] a, int ao, float[] b, int bo, float[] out, int oo) {
    FloatVector zero = FloatVector.zero(F);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector sum = load(a, ao + i).add(load(b, bo + i));
      VectorFunctions.relu(sum, zero).intoArray(out, oo + i);
    }
    scalar.addRelu(n - i, a, ao + i, b, bo + i, out, oo + i);
  }

  @Override
  public void reluBackward(int n, float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo) {
    FloatVector zero = FloatVector.zero(F);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      var positive = load(y, yo + i).compare(GT, zero);
      zero.blend(load(dy, dyo + i), positive).intoArray(dx, dxo + i);
    }
    scalar.reluBackward(n - i, y, yo + i, dy, dyo + i, dx, dxo + i);
  }

  @Override
  public void leakyRelu(int n, float slope, float[] x, int xo, float[] y, int yo) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector slopes = FloatVector.broadcast(F, slope);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = load(x, xo + i);
      v.mul(slopes).blend(v, v.compare(GT, zero)).intoArray(y, yo + i);
    }
    scalar.leakyRelu(n - i, slope, x, xo + i, y, yo + i);
  }

  @Override
  public void leakyReluBackward(
      int n, float slope, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector slopes = FloatVector.broadcast(F, slope);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      var positive = load(x, xo + i).compare(GT, zero);
      FloatVector g = load(dy, dyo + i);
      g.mul(slopes).blend(g, positive).intoArray(dx, dxo + i);
    }
    scalar.leakyReluBackward(n - i, slope, x, xo + i, dy, dyo + i, dx, dxo + i);
  }

  @Override
  public void exp(int n, float[] x, int xo, float[] y, int yo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      VectorFunctions.exp(load(x, xo + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      VectorFunctions.exp(v).intoArray(y, yo + i, rest);
    }
  }

  @Override
  public void log(int n, float[] x, int xo, float[] y, int yo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      VectorFunctions.log(load(x, xo + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      VectorFunctions.log(v).intoArray(y, yo + i, rest);
    }
  }

  @Override
  public void sigmoid(int n, float[] x, int xo, float[] y, int yo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      VectorFunctions.sigmoid(load(x, xo + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      VectorFunctions.sigmoid(v).intoArray(y, yo + i, rest);
    }
  }

  @Override
  public void tanh(int n, float[] x, int xo, float[] y, int yo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      VectorFunctions.tanh(load(x, xo + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      VectorFunctions.tanh(v).intoArray(y, yo + i, rest);
    }
  }

  @Override
  public void ramp(int n, float shift, float scale, float[] x, int xo, float[] y, int yo) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector six = FloatVector.broadcast(F, 6);
    FloatVector shifts = FloatVector.broadcast(F, shift);
    FloatVector scales = FloatVector.broadcast(F, scale);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = load(x, xo + i).add(shifts);
      VectorFunctions.ramp(v, zero, six).mul(scales).intoArray(y, yo + i);
    }
    scalar.ramp(n - i, shift, scale, x, xo + i, y, yo + i);
  }

  @Override
  public void rampBackward(
      int n, float low, float scale, float[] v, int vo, float[] dy, int dyo, float[] dx, int dxo) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector lows = FloatVector.broadcast(F, low);
    FloatVector highs = FloatVector.broadcast(F, low + 6);
    FloatVector scales = FloatVector.broadcast(F, scale);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector at = load(v, vo + i);
      var inside = at.compare(GT, lows).and(at.compare(LT, highs));
      zero.blend(load(dy, dyo + i).mul(scales), inside).intoArray(dx, dxo + i);
    }
    scalar.rampBackward(n - i, low, scale, v, vo + i, dy, dyo + i, dx, dxo + i);
  }

  @Override
  public void hardSwish(int n, float[] x, int xo, float[] y, int yo) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector six = FloatVector.broadcast(F, 6);
    FloatVector sixth = FloatVector.broadcast(F, 1f / 6);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = load(x, xo + i);
      VectorFunctions.ramp(v.add(3), zero, six).mul(sixth).mul(v).intoArray(y, yo + i);
    }
    scalar.hardSwish(n - i, x, xo + i, y, yo + i);
  }

  @Override
  public void hardSwishBackward(
      int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector one = FloatVector.broadcast(F, 1);
    FloatVector sixth = FloatVector.broadcast(F, 1f / 6);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = load(x, xo + i);
      FloatVector slope = v.mul(2).add(3).mul(sixth);
      slope = slope.blend(zero, v.compare(LE, -3)).blend(one, v.compare(GE, 3));
      slope.mul(load(dy, dyo + i)).intoArray(dx, dxo + i);
    }
    scalar.hardSwishBackward(n - i, x, xo + i, dy, dyo + i, dx, dxo + i);
  }

  @Override
  public void silu(int n, float[] x, int xo, float[] y, int yo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      VectorFunctions.silu(load(x, xo + i)).intoArray(y, yo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      VectorFunctions.silu(v).intoArray(y, yo + i, rest);
    }
  }

  @Override
  public void siluBackward(int n, float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo) {
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector v = load(x, xo + i);
      siluSlope(v).mul(load(dy, dyo + i)).intoArray(dx, dxo + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, rest);
      FloatVector d = FloatVector.fromArray(F, dy, dyo + i, rest);
      siluSlope(v).mul(d).intoArray(dx, dxo + i, rest);
    }
  }

  /** s·(1 + x·(1 − s)). */
  private static FloatVector siluSlope(FloatVector x) {
    FloatVector s = VectorFunctions.sigmoid(x);
    return x.mul(s.neg().add(1)).add(1).mul(s);
  }

  @Override
  public void sgd(int n, float lr, float decay, float[] w, int wo, float[] g, int go) {
    FloatVector rates = FloatVector.broadcast(F, -lr);
    FloatVector decays = FloatVector.broadcast(F, decay);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector weight = load(w, wo + i);
      FloatVector gradient = weight.fma(decays, load(g, go + i));
      gradient.fma(rates, weight).intoArray(w, wo + i);
    }
    scalar.sgd(n - i, lr, decay, w, wo + i, g, go + i);
  }

  @Override
  public void momentum(
      int n,
      float lr,
      float momentum,
      float decay,
      float[] w,
      int wo,
      float[] g,
      int go,
      float[] v,
      int vo) {
    FloatVector rates = FloatVector.broadcast(F, -lr);
    FloatVector decays = FloatVector.broadcast(F, decay);
    FloatVector momenta = FloatVector.broadcast(F, momentum);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector weight = load(w, wo + i);
      FloatVector gradient = weight.fma(decays, load(g, go + i));
      FloatVector velocity = load(v, vo + i).fma(momenta, gradient);
      velocity.intoArray(v, vo + i);
      velocity.fma(rates, weight).intoArray(w, wo + i);
    }
    scalar.momentum(n - i, lr, momentum, decay, w, wo + i, g, go + i, v, vo + i);
  }

  @Override
  public void nesterov(
      int n,
      float lr,
      float momentum,
      float decay,
      float[] w,
      int wo,
      float[] g,
      int go,
      float[] v,
      int vo) {
    FloatVector rates = FloatVector.broadcast(F, -lr);
    FloatVector decays = FloatVector.broadcast(F, decay);
    FloatVector momenta = FloatVector.broadcast(F, momentum);
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector weight = load(w, wo + i);
      FloatVector gradient = weight.fma(decays, load(g, go + i));
      FloatVector velocity = load(v, vo + i).fma(momenta, gradient);
      velocity.intoArray(v, vo + i);
      velocity.fma(momenta, gradient).fma(rates, weight).intoArray(w, wo + i);
    }
    scalar.nesterov(n - i, lr, momentum, decay, w, wo + i, g, go + i, v, vo + i);
  }

  @Override
  public void adam(
      int n,
      AdamFactors f,
      float[] w,
      int wo,
      float[] g,
      int go,
      float[] m,
      int mo,
      float[] v,
      int vo) {
    FloatVector beta1 = FloatVector.broadcast(F, f.beta1());
    FloatVector rest1 = FloatVector.broadcast(F, f.rest1());
    FloatVector beta2 = FloatVector.broadcast(F, f.beta2());
    FloatVector rest2 = FloatVector.broadcast(F, f.rest2());
    FloatVector rate = FloatVector.broadcast(F, -f.rate());
    FloatVector root = FloatVector.broadcast(F, f.root());
    FloatVector eps = FloatVector.broadcast(F, f.eps());
    FloatVector ofGradient = FloatVector.broadcast(F, f.ofGradient());
    FloatVector ofWeight = FloatVector.broadcast(F, -f.ofWeight());
    int i = 0;
    for (int bound = F.loopBound(n); i < bound; i += L) {
      FloatVector weight = load(w, wo + i);
      FloatVector gradient = weight.fma(ofGradient, load(g, go + i));
      FloatVector first = load(m, mo + i).mul(beta1).add(gradient.mul(rest1));
      FloatVector second = load(v, vo + i).mul(beta2).add(gradient.mul(gradient).mul(rest2));
      first.intoArray(m, mo + i);
      second.intoArray(v, vo + i);
      FloatVector direction = first.div(second.sqrt().fma(root, eps));
      FloatVector step = direction.fma(rate, weight.mul(ofWeight));
      weight.add(step).intoArray(w, wo + i);
    }
    scalar.adam(n - i, f, w, wo + i, g, go + i, m, mo + i, v, vo + i);
  }
}
