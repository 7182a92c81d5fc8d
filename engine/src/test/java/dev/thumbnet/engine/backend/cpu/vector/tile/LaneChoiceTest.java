package dev.thumbnet.engine.backend.cpu.vector.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The width of vectors is the widest up to 16 floats, or what was asked for, or an error. */
class LaneChoiceTest {
  @Test
  void takesTheWidestUpToSixteen() {
    assertThat(LaneChoice.species(null, 8, "amd64").length()).isEqualTo(8);
    assertThat(LaneChoice.species(null, 16, "amd64").length()).isEqualTo(16);
    assertThat(LaneChoice.species(null, 32, "aarch64").length()).isEqualTo(16);
    assertThat(LaneChoice.species(null, 4, "aarch64").length()).isEqualTo(4);
  }

  @Test
  void honoursAWishOrRefusesIt() {
    assertThat(LaneChoice.species("4", 16, "amd64").length()).isEqualTo(4);
    assertThat(LaneChoice.species("8", 8, "amd64").length()).isEqualTo(8);
    assertThatThrownBy(() -> LaneChoice.species("16", 8, "amd64"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("asks for 16 lanes but the machine has 8");
    assertThatThrownBy(() -> LaneChoice.species("7", 8, "amd64"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("7");
  }

  @Test
  void refusesMachinesThatProbablyHaveNoFusedMultiplyAdd() {
    assertThatThrownBy(() -> LaneChoice.species(null, 4, "amd64"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("AVX2");
  }
}
