package dev.thumbnet.engine.backend.cpu.vector.tile;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exponential functions and the logarithm, lane by lane, from sums, products and quotients alone,
 * so that a result has the same bits on every machine and in every lane. Errors against exact
 * results, in units in the last place of a normal result: exp 1.1, log 1, sigmoid 2.5, tanh 2.5,
 * silu 3.3, and |x|·2⁻¹⁵⁰ more where eˣ is denormal. NaN, infinities and zeros are as {@code
 * StrictMath} has them; the formula of silu makes NaN of −∞.
 */
public final class VectorFunctions {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());

  static final float LOG2_E = 1.442695040888963f;

  /** ln 2 in two parts; products of the first one with exponents are exact. */
  private static final float LN2_HIGH = 0.693359375f;

  private static final float LN2_LOW = -2.1219444005469057e-4f;

  /** Added to a small float it leaves the nearest integer in the lowest bits. */
  static final float ROUNDER = 0x1.8p23f;

  private static final int ONE_BITS = 0x3f800000;
  private static final int MANTISSA_BITS = 23;
  private static final int MANTISSA = (1 << MANTISSA_BITS) - 1;
  private static final int BIAS = 127;

  /** The bits of √½. */
  private static final int ROOT_HALF_BITS = 0x3f3504f3;

  private VectorFunctions() {}

  /**
   * eˣ = 2ⁿ·eʳ with n the integer next to x/ln 2 and |r| below 0.35, where seven terms of the
   * series are enough. 2ⁿ is multiplied in two steps, because results may be denormal.
   */
  public static FloatVector exp(FloatVector x) {
    FloatVector low = x.blend(-104f, x.compare(LT, -104f));
    FloatVector bounded = low.blend(89f, low.compare(GT, 89f));
    FloatVector shifted = bounded.fma(broadcast(LOG2_E), broadcast(ROUNDER));
    IntVector n = integer(shifted);
    FloatVector p = lessOne(remainder(bounded, shifted)).add(1f);
    IntVector half = n.lanewise(ASHR, 1);
    return p.mul(powerOfTwo(half)).mul(powerOfTwo(n.sub(half)));
  }

  /** 1 / (1 + e⁻ˣ). */
  public static FloatVector sigmoid(FloatVector x) {
    return broadcast(1f).div(exp(x.neg()).add(1f));
  }

  /**
   * x / (1 + e⁻ˣ), as x·t / (1 + t) with t = e⁻|x| where x &lt; 0: there e⁻ˣ would overflow where
   * the result is still a number.
   */
  public static FloatVector silu(FloatVector x) {
    FloatVector t = exp(x.abs().neg());
    FloatVector weight = broadcast(1f).blend(t, x.compare(LT, 0f));
    return x.mul(weight.div(t.add(1f)));
  }

  /**
   * With y = 2|x| and t = eʸ − 1 = 2ⁿ·(eʳ − 1) + 2ⁿ − 1: t / (t + 2), which loses nothing for small
   * x, and the sign of x.
   */
  public static FloatVector tanh(FloatVector x) {
    FloatVector size = x.abs();
    FloatVector y = size.blend(10f, size.compare(GT, 10f)).mul(2f);
    FloatVector shifted = y.fma(broadcast(LOG2_E), broadcast(ROUNDER));
    FloatVector power = powerOfTwo(integer(shifted));
    FloatVector t = power.fma(lessOne(remainder(y, shifted)), power.sub(1f));
    IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
    return t.div(t.add(2f)).reinterpretAsInts().or(sign).reinterpretAsFloats();
  }

  /**
   * x = 2ⁿ·(1 + f) with 1 + f from √½ to √2, and with s = f / (2 + f): ln(1 + f) = f − f²/2 +
   * s·(f²/2 + R), R the series of ln((1 + s)/(1 − s)) behind its first term, over s.
   */
  public static FloatVector log(FloatVector x) {
    VectorMask<Float> denormal = x.compare(LT, Float.MIN_NORMAL);
    FloatVector normal = x.blend(x.mul(0x1p23f), denormal);
    IntVector bits = normal.reinterpretAsInts().add(ONE_BITS - ROOT_HALF_BITS);
    IntVector exponent = bits.lanewise(ASHR, MANTISSA_BITS).sub(BIAS);
    FloatVector whole = (FloatVector) exponent.convert(I2F, 0);
    FloatVector n = whole.blend(whole.sub(MANTISSA_BITS), denormal);
    FloatVector f = bits.and(MANTISSA).add(ROOT_HALF_BITS).reinterpretAsFloats().sub(1f);

    FloatVector s = f.div(f.add(2f));
    FloatVector z = s.mul(s);
    FloatVector r = z.fma(broadcast(2f / 9), broadcast(2f / 7));
    r = r.fma(z, broadcast(2f / 5)).fma(z, broadcast(2f / 3)).mul(z);
    FloatVector half = f.mul(f).mul(0.5f);
    FloatVector rest = half.sub(s.fma(half.add(r), n.mul(LN2_LOW)));
    FloatVector log = n.fma(broadcast(LN2_HIGH), f.sub(rest));

    log = log.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0f));
    log = log.blend(Float.NaN, x.compare(LT, 0f));
    VectorMask<Float> finite = x.compare(LT, Float.POSITIVE_INFINITY);
    return x.blend(log, finite); // infinity and NaN are their own logarithms
  }

  /** max(v, 0) in two instructions; {@code FloatVector.max} takes six, for the sake of -0. */
  public static FloatVector relu(FloatVector v, FloatVector zero) {
    return v.blend(zero, v.compare(LT, zero));
  }

  /** min(max(v, 0), 6) as {@link #relu}. */
  public static FloatVector ramp(FloatVector v, FloatVector zero, FloatVector six) {
    FloatVector positive = relu(v, zero);
    return positive.blend(six, positive.compare(GT, six));
  }

  static FloatVector broadcast(float value) {
    return FloatVector.broadcast(F, value);
  }

  static IntVector integer(FloatVector shifted) {
    return shifted.reinterpretAsInts().sub(Float.floatToRawIntBits(ROUNDER));
  }

  /** x − n·ln 2. */
  static FloatVector remainder(FloatVector x, FloatVector shifted) {
    FloatVector n = shifted.sub(ROUNDER);
    return n.fma(broadcast(-LN2_LOW), n.fma(broadcast(-LN2_HIGH), x));
  }

  /** eʳ − 1 for |r| below 0.35. */
  static FloatVector lessOne(FloatVector r) {
    FloatVector p = r.fma(broadcast(1f / 5040), broadcast(1f / 720));
    p = p.fma(r, broadcast(1f / 120)).fma(r, broadcast(1f / 24)).fma(r, broadcast(1f / 6));
    p = p.fma(r, broadcast(0.5f));
    return p.fma(r.mul(r), r);
  }

  static FloatVector powerOfTwo(IntVector n) {
    return n.add(BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats();
  }
}
