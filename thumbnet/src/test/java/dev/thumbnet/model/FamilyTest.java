package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.nn.AdaptiveAvgPool2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Flatten;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.method.Trained;
import dev.thumbnet.method.teacher.TeacherTraining;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.Recipe;
import dev.thumbnet.train.RunOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe of {@code ARCHITECTURE.md} for a network, followed with a toy. */
final class FamilyTest {
  private static final Device CPU = Device.cpu();

  @TempDir private Path folder;

  /** One convolution, an average, one linear layer. */
  private static final class Toy extends Classifier {
    private final Sequential left;
    private final Sequential right;
    private final int channels;

    Toy(Architecture architecture, Device device, Rng rng) {
      super(architecture);
      channels = architecture.scaled(16);
      int kernel = (Integer) architecture.own().get("kernel");
      Conv2d conv = new Conv2d(device, 3, channels, kernel, 8, kernel / 2, true, rng);
      Linear linear = new Linear(device, channels, architecture.classes(), true, rng);
      left = new Sequential(child("conv", conv), new ReLU());
      right = new Sequential(new AdaptiveAvgPool2d(1, 1), new Flatten(), child("linear", linear));
    }

    @Override
    public Module left() {
      return left;
    }

    @Override
    public Module right() {
      return right;
    }

    @Override
    public int featureChannels() {
      return channels;
    }
  }

  private record ToyFamily() implements Family {
    @Override
    public List<String> names() {
      return List.of("toy");
    }

    @Override
    public Map<String, Object> settings(String name) {
      return Map.of("kernel", 3);
    }

    @Override
    public void check(Architecture architecture) {
      if ((Integer) architecture.own().get("kernel") % 2 == 0) {
        throw new IllegalArgumentException("the kernel must be odd");
      }
    }

    @Override
    public Classifier build(Architecture architecture, Device device, Rng rng) {
      return new Toy(architecture, device, rng);
    }

    @Override
    public String describe(Architecture architecture) {
      return " with a kernel of " + architecture.own().get("kernel");
    }
  }

  private static final Architecture TOY = Architecture.of(new ToyFamily(), "toy", 3);

  @Test
  void aNewNetworkIsTrainedAndKeepsItsSettings() {
    Architecture wide = TOY.with("kernel", "9").withWidth(0.5);
    Recipe recipe = Recipe.teacher(2).withBatchSize(6).withSeed(3);
    Trained trained =
        new TeacherTraining(wide, TinyPictures.data(), recipe, CPU).run(RunOptions.plain());
    assertThat(trained.model().network()).isInstanceOf(Toy.class);
    assertThat(trained.model().macs()).isEqualTo(2 * 2 * 8 * 9 * 9 * 3 + 8 * 3);
    Path file = folder.resolve("toy.safetensors");
    trained.model().save(file);
    try (SafeTensors opened = SafeTensors.open(file)) {
      assertThat(opened.metadata())
          .containsEntry("network", "toy")
          .containsEntry("width", "0.5")
          .containsEntry("kernel", "9")
          .containsEntry("setting.network.kernel", "9")
          .doesNotContainKey("hidden");
    }
  }

  @Test
  void onlyItsOwnSettingsCanBeSet() {
    assertThat(TOY.settings())
        .isEqualTo(Map.of("name", "toy", "classes", 3, "width", 1.0, "kernel", 3));
    assertThat(TOY.with("kernel", "5")).hasToString("toy with a kernel of 5, 3 classes");
    assertThatThrownBy(() -> TOY.with("kernel", "4")).hasMessage("the kernel must be odd");
    assertThatThrownBy(() -> TOY.with("kernel", "odd"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TOY.withHidden(9)).hasMessage("toy has no setting hidden");
    assertThatThrownBy(() -> Architecture.of("toy", 3)).hasMessageContaining("resnet18");
  }

  @Test
  void theSettingsOfAllNetworksAreReadBack() {
    assertThat(Architecture.NAMES).doesNotHaveDuplicates();
    for (String name : Architecture.NAMES) {
      Architecture network = Architecture.of(name, 7).withWidth(0.25).withHidden(0);
      assertThat(network.settings().keySet())
          .containsExactly("name", "classes", "width", "smallInput", "hidden");
      assertThat(Architecture.of(new LinkedHashMap<>(network.settings()))).isEqualTo(network);
    }
  }
}
