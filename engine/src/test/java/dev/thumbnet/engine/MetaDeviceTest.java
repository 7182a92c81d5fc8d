package dev.thumbnet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Flatten;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.plan.Cost;
import org.junit.jupiter.api.Test;

/** Modules on the meta device have shapes and costs, but no numbers and no memory. */
final class MetaDeviceTest {
  private static final Device META = Device.meta();

  @Test
  void modulesHaveShapesAlone() {
    Sequential network =
        new Sequential(
            new Conv2d(META, 3, 30_000, 3, 1, 1, true, null),
            new BatchNorm2d(META, 30_000),
            new Flatten(),
            new Linear(META, 4 * 30_000, 17_000, true, null));
    network.eval();
    assertThat(network.parameterCount()).isEqualTo(27L * 30_000 + 3 * 30_000 + 120_001L * 17_000);
    Cost cost = Cost.of(network, Shape.of(1, 2, 2, 3));
    assertThat(cost.output()).isEqualTo(Shape.of(1, 17_000));
    assertThat(cost.macs()).isEqualTo(4L * 27 * 30_000 + 120_000L * 17_000);
  }

  @Test
  void thereAreNoNumbers() {
    Tensor tensor = Tensor.of(META, new float[] {1, 2}, 2);
    assertThat(tensor.isPlaceholder()).isTrue();
    assertThat(META.name()).isEqualTo("meta");
    assertThatThrownBy(tensor::toArray).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(META::backend)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("meta");
    META.close();
  }
}
