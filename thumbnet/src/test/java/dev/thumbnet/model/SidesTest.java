package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What families say of the smallest pictures and batches is what their networks can do. */
final class SidesTest {
  private static final Device CPU = Device.cpu(1);

  private static Architecture architecture(String name) {
    Architecture network = Architecture.of(name.replace("*", ""), 2).withWidth(0.0625);
    if (name.endsWith("*")) {
      network = network.withSmallInput();
    }
    return name.contains("vgg") ? network.withHidden(0) : network;
  }

  private static void run(Architecture network, int side, int batch, boolean training) {
    Classifier classifier = Models.classifier(network, CPU, new Rng(1));
    if (!training) {
      classifier.eval();
    }
    try (Autograd.NoGrad _ = Autograd.noGrad()) {
      classifier.forward(Tensor.zeros(CPU, batch, side, side, 3));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet18",
        "resnet50",
        "resnet18*",
        "vgg11",
        "vgg16_bn",
        "lwae-resnet18",
        "lwae-vgg11"
      })
  void theSmallestSideWorksAndOneLessDoesNot(String name) {
    Architecture network = architecture(name);
    int smallest = network.family().smallestSide(network);
    assertThatNoException().isThrownBy(() -> network.checkSide(smallest));
    assertThatNoException().isThrownBy(() -> run(network, smallest, 1, false));
    assertThatIllegalArgumentException().isThrownBy(() -> network.checkSide(smallest - 1));
    if (smallest > 1) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> run(network, smallest - 1, 1, false))
          .withMessageContaining("empty");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet18",
        "resnet50",
        "resnet18*",
        "vgg11",
        "vgg16_bn",
        "lwae-resnet18",
        "lwae-resnet18*"
      })
  void aBatchOfOneIsRefusedWhereTheNetworkCannotLearnFromIt(String name) {
    Architecture network = architecture(name);
    for (int side : new int[] {8, 9, 32, 33}) {
      if (network.takes(side)) {
        assertThat(fails(() -> network.checkTraining(side, 1)))
            .as("side %d", side)
            .isEqualTo(fails(() -> run(network, side, 1, true)));
        assertThatNoException().isThrownBy(() -> network.checkTraining(side, 2));
      }
    }
  }

  private static boolean fails(Runnable work) {
    try {
      work.run();
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }
}
