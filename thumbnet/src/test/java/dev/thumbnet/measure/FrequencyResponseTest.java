package dev.thumbnet.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.measure.FrequencyResponse.Colour;
import dev.thumbnet.measure.FrequencyResponse.Point;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Preprocessing;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gains and wrong detail of what is known in closed form. */
final class FrequencyResponseTest {
  private static final Device CPU = Device.cpu();
  private static final int SIZE = 64;
  private static final Normalize NORMALIZE = Normalize.imageNet();

  private static List<Point> measure(UnaryOperator<Tensor> downscaler, int side) {
    return FrequencyResponse.of(downscaler, NORMALIZE, SIZE, side, CPU);
  }

  private static List<Point> measure(DownscalerKind kind, int factor) {
    UnaryOperator<Tensor> e =
        Models.downscaler(
                kind,
                new Reduction(factor, 1),
                Preprocessing.unscaled(SIZE).colors(),
                CPU,
                new Rng(1))
            ::forward;
    return measure(e, SIZE / factor);
  }

  /** A mean of s pixels leaves sin(π k s / n) / (s sin(π k / n)) of a wave. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  void areasHaveTheGainOfAMean(int factor) {
    List<Point> points = measure(DownscalerKind.AREA, factor);
    assertThat(points).hasSize(3 * FrequencyResponse.SHARES.size());
    for (Point point : points) {
      double angle = Math.PI * point.periods() / SIZE;
      double left = Math.abs(Math.sin(factor * angle) / (factor * Math.sin(angle)));
      assertThat(point.share()).isEqualTo(2.0 * point.periods() * factor / SIZE);
      assertThat(point.gain()).isCloseTo(point.share() < 1 ? left : 0, within(1e-5));
      assertThat(point.wrong()).isCloseTo(point.share() < 1 ? 0 : left, within(1e-3));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  void singlePixelsKeepAllAndWhatShouldNotBeThere(int factor) {
    for (Point point : measure(DownscalerKind.NEAREST, factor)) {
      assertThat(point.gain()).isCloseTo(point.share() < 1 ? 1 : 0, within(1e-5));
      assertThat(point.wrong()).isCloseTo(point.share() < 1 ? 0 : 1, within(1e-3));
    }
  }

  @Test
  void bicubicKeepsCoarseDetailAndDropsFine() {
    List<Point> points = measure(DownscalerKind.BICUBIC, 4);
    assertThat(points)
        .filteredOn(point -> point.share() == 0.25)
        .hasSize(3)
        .allSatisfy(point -> assertThat(point.gain()).isBetween(0.95, 1.05));
    assertThat(points)
        .filteredOn(point -> point.share() == 1.5)
        .allSatisfy(point -> assertThat(point.wrong()).isLessThan(0.2));
  }

  /** Whoever drops all colour keeps grey, and of red against green nothing. */
  @Test
  void coloursAreToldApart() {
    UnaryOperator<Tensor> grey =
        x -> {
          Tensor std = Tensor.of(CPU, NORMALIZE.std(), 3);
          Tensor mean = Tensor.of(CPU, NORMALIZE.mean(), 3);
          Tensor colours = Ops.add(Ops.mul(x, std), mean);
          Tensor light = Ops.reshape(Ops.mean(colours, 3), x.dim(0), x.dim(1), x.dim(2), 1);
          return Ops.div(Ops.sub(Ops.concat(3, light, light, light), mean), std);
        };
    for (Point point : measure(x -> grey.apply(Ops.avgPool2d(x, 2, 2, 0, false)), SIZE / 2)) {
      if (point.share() == 0.25) {
        double expected = point.colour() == Colour.GREY ? 0.97 : 0;
        assertThat(point.gain()).as(point.colour().key()).isCloseTo(expected, within(0.02));
        assertThat(point.wrong()).isCloseTo(0, within(1e-3));
      }
    }
  }

  @Test
  void onlyWholeNumbersOfPeriodsAreMeasured() {
    assertThat(measure(DownscalerKind.AREA, 32)).isEmpty();
    assertThat(measure(DownscalerKind.AREA, 16)).extracting(Point::share).containsOnly(0.5, 1.5);
  }
}
