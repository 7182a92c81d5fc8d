package dev.thumbnet.engine.backend.cpu.vector.tile;

import static dev.thumbnet.engine.backend.cpu.vector.tile.VectorFunctions.broadcast;
import static dev.thumbnet.engine.backend.cpu.vector.tile.VectorFunctions.exp;
import static dev.thumbnet.engine.backend.cpu.vector.tile.VectorFunctions.sigmoid;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Functions that networks use and their slopes, lane by lane, of the exponential function in {@link
 * VectorFunctions}. Errors against exact results, in units in the last place of a normal result:
 * erf 2, softplus 2.5, mish 4, elu 3. Those of gelu are relative to x where x is negative: Φ(x) is
 * there a small difference of large numbers, or the exponential function of a large one.
 */
public final class SmoothFunctions {
  /** Up to here the error function is a polynomial of x. */
  private static final float SMALL = 0.9375f;

  /** From here on it is 1, to the precision of a float. */
  private static final float ONE = 4;

  private static final float ROOT_HALF = 0.70710678f;

  /** 2·√(2/π), and that times 0.044715 and 3·0.044715. */
  private static final float GELU_LINEAR = 1.5957691f;

  private static final float GELU_CUBIC = 0.07135481f;
  private static final float GELU_SLOPE = 0.21406444f;

  private SmoothFunctions() {}

  /**
   * x + x·P(x²) for small x, else 1 − exp(Q(|x|)) with the sign of x. P and Q are polynomials
   * fitted to erf(x)/x − 1 and ln(1 − erf x) so that the largest error in units of the result is
   * smallest.
   */
  public static FloatVector erf(FloatVector x) {
    FloatVector size = x.abs();
    FloatVector z = x.mul(x);
    FloatVector p = z.fma(broadcast(0.00008296607f), broadcast(-0.0008125806f));
    p = p.fma(z, broadcast(0.0051995995f)).fma(z, broadcast(-0.026858851f));
    p = p.fma(z, broadcast(0.11283686f)).fma(z, broadcast(-0.37612632f));
    p = p.fma(z, broadcast(0.12837917f));
    FloatVector small = p.fma(size, size);
    FloatVector a = size.blend(ONE, size.compare(GT, ONE));
    FloatVector q = a.fma(broadcast(0.00019390242f), broadcast(-0.0030231792f));
    q = q.fma(a, broadcast(0.022146706f)).fma(a, broadcast(-0.10376443f));
    q = q.fma(a, broadcast(-0.6373737f)).fma(a, broadcast(-1.1275613f));
    q = q.fma(a, broadcast(-0.00022348523f));
    FloatVector large = broadcast(1f).sub(exp(q));
    FloatVector positive = large.blend(small, size.compare(LT, SMALL));
    IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
    return positive.reinterpretAsInts().or(sign).reinterpretAsFloats();
  }

  /** 2/√π·exp(−x²). */
  public static FloatVector erfSlope(FloatVector x) {
    return exp(x.mul(x).neg()).mul(1.1283792f);
  }

  /** x·(1 + erf(x/√2))/2. */
  public static FloatVector gelu(FloatVector x) {
    return x.mul(normal(x));
  }

  private static FloatVector normal(FloatVector x) {
    return erf(x.mul(ROOT_HALF)).fma(broadcast(0.5f), broadcast(0.5f));
  }

  /** Φ(x) + x·exp(−x²/2)/√(2π). */
  public static FloatVector geluSlope(FloatVector x) {
    FloatVector density = exp(x.mul(x).mul(-0.5f)).mul(0.39894228f);
    return x.fma(density, normal(x));
  }

  /** x / (1 + e⁻ᵘ) with u = 2·√(2/π)·(x + 0.044715·x³). */
  public static FloatVector geluTanh(FloatVector x) {
    return x.mul(sigmoid(argument(x)));
  }

  private static FloatVector argument(FloatVector x) {
    return x.mul(x).fma(broadcast(GELU_CUBIC), broadcast(GELU_LINEAR)).mul(x);
  }

  /**
   * s + x·s·(1 − s)·u' with s = 1 / (1 + e⁻ᵘ). In terms of t = e⁻|u| nothing cancels: s·(1 − s) is
   * t / (1 + t)². Beyond 20 that is 0, and u' might be infinite.
   */
  public static FloatVector geluTanhSlope(FloatVector x) {
    FloatVector a = x.blend(20f, x.compare(GT, 20f));
    a = a.blend(-20f, a.compare(LT, -20f));
    FloatVector t = exp(argument(a).abs().neg());
    FloatVector share = broadcast(1f).div(t.add(1f));
    FloatVector s = share.blend(t.mul(share), a.compare(LT, 0f));
    FloatVector slope = a.mul(a).fma(broadcast(GELU_SLOPE), broadcast(GELU_LINEAR));
    return x.mul(t.mul(share).mul(share)).fma(slope, s);
  }

  /**
   * max(x, 0) + ln(1 + t) with t = e⁻|x|, and with s = t/(2 + t) the series ln(1 + t) = 2·(s + s³/3
   * + s⁵/5 + …), which loses nothing for small t; s is at most 1/3.
   */
  public static FloatVector softplus(FloatVector x) {
    FloatVector t = exp(x.abs().neg());
    FloatVector s = t.div(t.add(2f));
    FloatVector z = s.mul(s);
    FloatVector r = z.fma(broadcast(2f / 15), broadcast(2f / 13)).fma(z, broadcast(2f / 11));
    r = r.fma(z, broadcast(2f / 9)).fma(z, broadcast(2f / 7)).fma(z, broadcast(2f / 5));
    r = r.fma(z, broadcast(2f / 3)).mul(z);
    FloatVector log = s.fma(r, s.add(s));
    return VectorFunctions.relu(x, broadcast(0f)).add(log);
  }

  /**
   * x·w with w = tanh(ln(1 + eˣ)) = ((1 + eˣ)² − 1) / ((1 + eˣ)² + 1), in terms of t = e⁻|x|, which
   * does not overflow.
   */
  public static FloatVector mish(FloatVector x) {
    return x.mul(mishWeight(x));
  }

  /** w = a / (a + b). */
  private static FloatVector mishWeight(FloatVector x) {
    FloatVector t = exp(x.abs().neg());
    FloatVector a = mishAbove(x, t);
    return a.div(a.add(mishRest(x, t)));
  }

  private static FloatVector mishAbove(FloatVector x, FloatVector t) {
    return t.fma(broadcast(2f), broadcast(1f)).blend(t.mul(t.add(2f)), x.compare(LT, 0f));
  }

  private static FloatVector mishRest(FloatVector x, FloatVector t) {
    return t.mul(t).mul(2f).blend(2f, x.compare(LT, 0f));
  }

  /** w + x·(1 − w²) / (1 + e⁻ˣ), where 1 − w = b / (a + b) does not cancel. */
  public static FloatVector mishSlope(FloatVector x) {
    FloatVector t = exp(x.abs().neg());
    FloatVector a = mishAbove(x, t);
    FloatVector b = mishRest(x, t);
    FloatVector w = a.div(a.add(b));
    FloatVector rest = b.div(a.add(b)).mul(w.add(1f));
    return x.mul(sigmoid(x)).fma(rest, w);
  }

  /** scale·x where x &gt; 0, else alpha·(exp(rate·x) − 1). */
  public static FloatVector elu(FloatVector x, float scale, float alpha, float rate) {
    FloatVector negative = lessOne(x.mul(rate)).mul(alpha);
    return negative.blend(x.mul(scale), x.compare(GE, 0f)); // a zero keeps its sign
  }

  /** scale where x &gt; 0, else alpha·exp(rate·x). */
  public static FloatVector eluSlope(FloatVector x, float scale, float alpha, float rate) {
    return exp(x.mul(rate)).mul(alpha).blend(scale, x.compare(GT, 0f));
  }

  /** eˣ − 1 for x up to 0, as 2ⁿ·(eʳ − 1) + 2ⁿ − 1, which loses nothing for small x. */
  private static FloatVector lessOne(FloatVector x) {
    FloatVector bounded = x.blend(-20f, x.compare(LT, -20f));
    FloatVector shifted =
        bounded.fma(broadcast(VectorFunctions.LOG2_E), broadcast(VectorFunctions.ROUNDER));
    FloatVector power = VectorFunctions.powerOfTwo(VectorFunctions.integer(shifted));
    FloatVector r = VectorFunctions.remainder(bounded, shifted);
    return power.fma(VectorFunctions.lessOne(r), power.sub(1f));
  }
}
