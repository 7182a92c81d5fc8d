package dev.thumbnet.method.thumbnet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.plan.Cost;
import dev.thumbnet.model.Reduction;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Features are enlarged to the teacher's size, however it was rounded. */
final class FeatureMapperTest {
  private static final Device REFERENCE = Device.reference();

  @ParameterizedTest
  @CsvSource({"2, 14, 28", "4, 7, 28", "4, 4, 14", "4, 2, 7"})
  void mapperReachesTheTeachersSize(int factor, int side, int wanted) {
    FeatureMapper u = new FeatureMapper(8, Reduction.ofSide(factor), REFERENCE, new Rng(1));
    Rng rng = new Rng(2);
    double[] values = new double[side * side * 8];
    for (int i = 0; i < values.length; i++) {
      values[i] = rng.nextDouble();
    }
    Tensor features = Tensor.of(REFERENCE, values, 1, side, side, 8);
    Tensor mapped = u.forward(features, wanted, wanted);
    assertThat(mapped.shape()).isEqualTo(Shape.of(1, wanted, wanted, 8));
    assertThat(Arrays.stream(mapped.toDoubleArray())).allMatch(v -> v >= 0).anyMatch(v -> v > 0);
    u.eval();
    Shape enlarged = Cost.of(u, features.shape()).output();
    assertThat(u.forward(features).shape()).isEqualTo(enlarged);
    assertThat(enlarged.dim(1)).isEqualTo(factor * side);
  }
}
