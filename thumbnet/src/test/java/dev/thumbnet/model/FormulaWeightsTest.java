package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The formula gives what golden_models.py computes, to the last bit. */
final class FormulaWeightsTest {
  private static float[] firstThree(String name, long... shape) {
    return Arrays.copyOf(FormulaWeights.weight(name, shape), 3);
  }

  @Test
  void bits() {
    assertThat(FormulaWeights.bits("conv1.weight", 0)).isEqualTo(0x8b8a08a85128a1b0L);
    assertThat(FormulaWeights.bits("conv1.weight", 2)).isEqualTo(0x5de32eeed3c84abL);
  }

  @Test
  void weights() {
    assertThat(firstThree("conv1.weight", 64, 3, 7, 7))
        .containsExactly(0.018213026225566864f, 0.0990602895617485f, -0.19276875257492065f);
    assertThat(firstThree("fc.weight", 10, 512))
        .containsExactly(-0.0023506246507167816f, 0.05699191614985466f, 0.03728199377655983f);
    assertThat(firstThree("bn1.weight", 64))
        .containsExactly(0.9440816044807434f, 1.1297636032104492f, 1.0276751518249512f);
    assertThat(firstThree("bn1.bias", 64))
        .containsExactly(-0.06556075811386108f, -0.0919690877199173f, 0.0743994265794754f);
    assertThat(firstThree("bn1.running_mean", 64))
        .containsExactly(0.046889983117580414f, 0.020123731344938278f, 0.008419489488005638f);
    assertThat(firstThree("bn1.running_var", 64))
        .containsExactly(1.1423075199127197f, 1.2867534160614014f, 1.4707788228988647f);
    assertThat(firstThree("layer1.0.bn3.weight", 256))
        .containsExactly(0.21314091980457306f, 0.2988191545009613f, 0.2958194315433502f);
  }

  @Test
  void inputs() {
    assertThat(Arrays.copyOf(FormulaWeights.pictures("resnet18.21.input0", 1, 4), 3))
        .containsExactly(0.7872123718261719f, -0.151519775390625f, 1.8332810401916504f);
    assertThat(FormulaWeights.labels("resnet18.21.labels0", 4, 10)).containsExactly(0, 3, 8, 3);
    assertThat(Arrays.copyOf(FormulaWeights.samplePositions("conv1.weight", 9408), 4))
        .containsExactly(2432, 4349, 3291, 3518);
  }
}
