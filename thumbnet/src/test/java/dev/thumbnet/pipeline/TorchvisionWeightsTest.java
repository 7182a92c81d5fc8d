package dev.thumbnet.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.io.SafeTensorsWriter;
import dev.thumbnet.engine.io.StateDictException;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.Models;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Weights of torchvision alone, by their names and shapes, become a model, or the first difference
 * is named.
 */
final class TorchvisionWeightsTest {
  static final List<String> NETWORKS = Architecture.NAMES;

  private static final Preprocessing SHOWN = Preprocessing.photographs(64);

  @TempDir Path temp;

  @ParameterizedTest
  @FieldSource("NETWORKS")
  void networksShowInTheirNames(String name) {
    try (Device device = Device.cpu(1)) {
      Architecture narrow = Architecture.of(name, 2).withWidth(1 / 64.0);
      Classifier network = Models.classifier(narrow, device);
      Set<String> names = new HashSet<>(network.stateNames());
      assertThat(TorchvisionWeights.network(temp, names)).isEqualTo(name);
    }
  }

  @Test
  void otherNetworksAreRefused() {
    Set<String> deeper =
        Set.of(
            "fc.weight", "layer4.0.conv1.weight", "layer1.0.conv3.weight", "layer3.6.conv1.weight");
    for (Set<String> names : List.of(deeper, Set.of("fc.weight"), Collections.<String>emptySet())) {
      assertThatThrownBy(() -> TorchvisionWeights.network(Path.of("net.safetensors"), names))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("net.safetensors")
          .hasMessageContaining("resnet18");
    }
  }

  @Test
  void theModelIsTheNetwork() {
    try (Device device = Device.cpu(1)) {
      Classifier network = Models.classifier(Architecture.of("resnet18", 3), device, new Rng(1));
      Path weights = temp.resolve("resnet18.safetensors");
      SafeTensorsWriter writer = new SafeTensorsWriter();
      Models.stateDict(network).putInto(writer);
      writer.write(weights);
      List<String> names = List.of("cat", "dog", "fox");
      TrainedModel model = TorchvisionWeights.read(weights, names, SHOWN, device);
      assertThat(model.classes()).isEqualTo(names);
      assertThat(model.usesThumbnails()).isFalse();
      assertThat(model.preprocessing()).isEqualTo(SHOWN);
      assertThat(Provenance.fingerprint(model.network()))
          .isEqualTo(Provenance.fingerprint(network));
      assertThat(TorchvisionWeights.read(weights, List.of(), SHOWN, device).classes())
          .containsExactly("class 0", "class 1", "class 2");
      assertThatThrownBy(
              () -> TorchvisionWeights.read(weights, List.of("cat", "dog"), SHOWN, device))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("3 classes")
          .hasMessageContaining("names for 2");
    }
  }

  @Test
  void missingWeightsAreNamed() {
    Path weights = temp.resolve("part.safetensors");
    new SafeTensorsWriter()
        .put("fc.weight", new long[] {2, 512}, new float[1024])
        .put("layer4.0.conv1.weight", new long[] {512, 256, 1, 1}, new float[512 * 256])
        .write(weights);
    try (Device device = Device.cpu(1)) {
      assertThatThrownBy(() -> TorchvisionWeights.read(weights, List.of(), SHOWN, device))
          .isInstanceOf(StateDictException.class)
          .hasMessageContaining("conv1.weight");
    }
  }
}
