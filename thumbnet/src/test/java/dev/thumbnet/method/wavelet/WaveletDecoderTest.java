package dev.thumbnet.method.wavelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.data.Loader;
import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.nn.Parameter;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.optim.Optimizer;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.engine.optim.Sgd;
import dev.thumbnet.loss.Energy;
import dev.thumbnet.loss.Reconstruction;
import dev.thumbnet.model.Lwae.Encoder;
import dev.thumbnet.model.Lwae.Subbands;
import dev.thumbnet.model.Models;
import dev.thumbnet.testing.TinyPictures;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The auto-encoder: what the decoder makes of CA and CH, and what both learn. */
final class WaveletDecoderTest {
  private static final Device REFERENCE = Device.reference();

  private static Encoder encoder(Device device) {
    return Models.lwae(TinyPictures.architecture(), device, new Rng(1)).encoder();
  }

  private static Tensor noise(long seed, int... dims) {
    Rng rng = new Rng(seed);
    double[] values = new double[Shape.of(dims).size()];
    Arrays.setAll(values, _ -> rng.nextGaussian());
    return Tensor.of(REFERENCE, values, dims);
  }

  /** Before it has learnt anything it enlarges CA, to odd sizes, too. */
  @Test
  void startsWithTheEnlargedLowFrequencies() {
    WaveletDecoder decoder = new WaveletDecoder(REFERENCE, new Rng(2));
    Subbands raw = encoder(REFERENCE).split(noise(3, 2, 9, 7, 3));
    Tensor rebuilt = decoder.rebuild(raw, 9, 7);
    assertThat(rebuilt.shape()).isEqualTo(Shape.of(2, 9, 7, 3));
    assertThat(rebuilt.toDoubleArray())
        .isEqualTo(Ops.resize(raw.low(), 9, 7, Filter.BILINEAR).toDoubleArray());
    Tensor halves = noise(4, 1, 3, 3, 6);
    assertThat(decoder.forward(halves).toDoubleArray())
        .isEqualTo(Ops.resize(Ops.slice(halves, 3, 0, 3), 6, 6, Filter.BILINEAR).toDoubleArray());
  }

  /** L_REC + 0.1 · L_EN, through decoder, encoder and resampling, against central differences. */
  @Test
  void gradientsOfTheAutoEncoder() {
    Encoder encoder = encoder(REFERENCE);
    WaveletDecoder decoder = new WaveletDecoder(REFERENCE, new Rng(2));
    Rng rng = new Rng(5);
    for (Parameter p : decoder.parameters()) {
      double[] values = p.tensor().toDoubleArray();
      Arrays.setAll(values, i -> values[i] + 0.1 * rng.nextGaussian());
      p.tensor().copyFrom(values);
    }
    Tensor x = noise(6, 1, 6, 5, 3);
    loss(encoder, decoder, x).backward();
    for (Parameter p : encoder.parameters()) {
      checkGradient(p.tensor(), encoder, decoder, x);
    }
    for (Parameter p : decoder.parameters()) {
      checkGradient(p.tensor(), encoder, decoder, x);
    }
  }

  private static Tensor loss(Encoder encoder, WaveletDecoder decoder, Tensor x) {
    Subbands raw = encoder.split(x);
    Tensor rebuilt = decoder.rebuild(raw, x.dim(1), x.dim(2));
    return Ops.add(Reconstruction.of(x, rebuilt), Ops.mul(Energy.of(raw.high()), 0.1));
  }

  /** Compares some elements: there are thousands. */
  private static void checkGradient(
      Tensor weight, Encoder encoder, WaveletDecoder decoder, Tensor x) {
    double[] gradient = weight.grad().toDoubleArray();
    double[] values = weight.toDoubleArray();
    double step = 1e-6;
    try (var _ = Autograd.noGrad()) {
      for (int i = 0; i < values.length; i += Math.max(1, values.length / 5)) {
        double middle = values[i];
        values[i] = middle + step;
        weight.copyFrom(values);
        double above = loss(encoder, decoder, x).item();
        values[i] = middle - step;
        weight.copyFrom(values);
        double below = loss(encoder, decoder, x).item();
        values[i] = middle;
        weight.copyFrom(values);
        assertThat(gradient[i])
            .as("element %d of %s", i, weight.shape())
            .isCloseTo((above - below) / (2 * step), within(1e-7));
      }
    }
  }

  /** CA becomes the picture in small; CH keeps less energy the more that costs. */
  @Test
  void lowFrequenciesBecomeThePicture() {
    double[] free = train(0);
    double[] thrifty = train(1);
    assertThat(free[0]).as("error, to the variance of pictures").isLessThan(0.5);
    assertThat(thrifty[0]).as("error, to the variance of pictures").isLessThan(0.5);
    assertThat(free[1]).as("correlation").isGreaterThan(0.8);
    assertThat(thrifty[1]).as("correlation").isGreaterThan(0.8);
    assertThat(thrifty[2]).as("energy of CH").isLessThan(0.5 * free[2]);
  }

  /** Returns the error to the variance of x, CA's correlation with small x, and CH's energy. */
  private static double[] train(double energy) {
    Device cpu = Device.cpu();
    Encoder encoder = encoder(cpu);
    WaveletDecoder decoder = new WaveletDecoder(cpu, new Rng(2));
    Optimizer optimizer =
        new Sgd(
            List.of(ParamGroup.all("e.", encoder, 0), ParamGroup.all("d.", decoder, 0)), 0.9, true);
    try (Loader loader = TinyPictures.data(24).loader(24, 1)) {
      loader.startEpoch(0, 0);
      Tensor x = loader.next().on(cpu);
      for (int i = 0; i < 150; i++) {
        optimizer.zeroGrad();
        Subbands raw = encoder.split(x);
        Tensor rebuilt = decoder.rebuild(raw, TinyPictures.SIDE, TinyPictures.SIDE);
        Ops.add(Reconstruction.of(x, rebuilt), Ops.mul(Energy.of(raw.high()), energy)).backward();
        optimizer.step(0.03);
      }
      try (var _ = Autograd.noGrad()) {
        Subbands raw = encoder.split(x);
        Tensor rebuilt = decoder.rebuild(raw, TinyPictures.SIDE, TinyPictures.SIDE);
        double error = Reconstruction.of(x, rebuilt).item() / Ops.variance(x, false).item();
        Tensor small = Ops.resize(x, 8, 8, Filter.BICUBIC_ANTIALIAS);
        return new double[] {error, correlation(raw.low(), small), Energy.of(raw.high()).item()};
      }
    }
  }

  private static double correlation(Tensor a, Tensor b) {
    Tensor x = Ops.add(a, -Ops.mean(a).item());
    Tensor y = Ops.add(b, -Ops.mean(b).item());
    return Ops.mean(Ops.mul(x, y)).item()
        / Math.sqrt(Ops.mean(Ops.square(x)).item() * Ops.mean(Ops.square(y)).item());
  }
}
