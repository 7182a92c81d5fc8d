package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.io.SafeTensorsWriter;
import dev.thumbnet.pipeline.ModelException;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks with fewer channels inside, and how they are described. */
final class InnerConvolutionTest {
  private static final Device CPU = Device.cpu();
  private static final Architecture RESNET = Architecture.of("resnet18", 3).withWidth(0.125);
  private static final Architecture VGG = Architecture.of("vgg11_bn", 3).withWidth(0.125);

  @TempDir private Path folder;

  private static Classifier build(Architecture architecture) {
    return Models.classifier(architecture, Device.meta());
  }

  @Test
  void theyAreTheFirstOfEachBasicBlock() {
    List<InnerConvolution> inner = build(RESNET).innerConvolutions();
    assertThat(inner).hasSize(8);
    assertThat(inner.get(3))
        .isEqualTo(
            new InnerConvolution(
                "layer2.1.conv1", Optional.of("layer2.1.bn1"), "layer2.1.conv2", 16));
    assertThat(inner)
        .extracting(InnerConvolution::channels)
        .containsExactly(8, 8, 16, 16, 32, 32, 64, 64);
    assertThat(build(Architecture.of("resnet34", 3)).innerConvolutions()).hasSize(16);
    assertThat(build(Architecture.of("resnet50", 3)).innerConvolutions()).isEmpty();
  }

  @Test
  void theyAreAllButTheLastOfAVgg() {
    List<InnerConvolution> inner = build(VGG).innerConvolutions();
    assertThat(inner).hasSize(7);
    assertThat(inner.get(2))
        .isEqualTo(
            new InnerConvolution("features.8", Optional.of("features.9"), "features.11", 32));
    assertThat(build(Architecture.of("vgg16", 3)).innerConvolutions())
        .hasSize(12)
        .startsWith(new InnerConvolution("features.0", Optional.empty(), "features.2", 64))
        .endsWith(new InnerConvolution("features.26", Optional.empty(), "features.28", 512));
  }

  @Test
  void theNetworkHasTheChannelsThatAreSaid() {
    Architecture thin = RESNET.withInnerChannels(List.of(1, 8, 3, 16, 5, 6, 7, 64));
    Map<String, Shape> shapes = shapes(thin);
    assertThat(shapes.get("layer2.0.conv1.weight")).isEqualTo(Shape.of(3, 3, 8, 3));
    assertThat(shapes.get("layer2.0.bn1.running_var")).isEqualTo(Shape.of(3));
    assertThat(shapes.get("layer2.0.conv2.weight")).isEqualTo(Shape.of(3, 3, 3, 16));
    assertThat(shapes.get("layer2.0.downsample.0.weight")).isEqualTo(Shape.of(1, 1, 8, 16));
    assertThat(shapes.get("fc.weight")).isEqualTo(Shape.of(64, 3));
    assertThat(build(thin).innerConvolutions())
        .extracting(InnerConvolution::channels)
        .containsExactly(1, 8, 3, 16, 5, 6, 7, 64);

    Architecture vgg = VGG.withInnerChannels(List.of(1, 2, 3, 4, 5, 6, 7));
    shapes = shapes(vgg);
    assertThat(shapes.get("features.8.weight")).isEqualTo(Shape.of(3, 3, 2, 3));
    assertThat(shapes.get("features.25.weight")).isEqualTo(Shape.of(3, 3, 7, 64));
    assertThat(shapes.get("classifier.0.weight")).isEqualTo(Shape.of(64 * 49, 512));
    assertThat(build(vgg).featureChannels()).isEqualTo(4);
  }

  private static Map<String, Shape> shapes(Architecture architecture) {
    Map<String, Shape> shapes = new HashMap<>();
    build(architecture).state().tensors().forEach((name, t) -> shapes.put(name, t.shape()));
    return shapes;
  }

  @Test
  void ofNetworksThatHaveTheUsualChannelsNothingIsSaid() {
    assertThat(RESNET.settings().keySet())
        .containsExactly("name", "classes", "width", "smallInput", "hidden");
    assertThat(RESNET.label()).isEqualTo("resnet18 of width 0.125");
    assertThat(metadata(RESNET)).doesNotContainKey("innerChannels");
  }

  @Test
  void fewerChannelsAreSaid() {
    Architecture thin = RESNET.withInnerChannels(Collections.nCopies(8, 2));
    assertThat(thin.settings()).containsEntry("innerChannels", "2,2,2,2,2,2,2,2");
    assertThat(Architecture.of(thin.settings())).isEqualTo(thin);
    assertThat(thin.label())
        .isEqualTo("resnet18 of width 0.125 with inner channels 2,2,2,2,2,2,2,2");
    assertThat(metadata(thin)).containsEntry("innerChannels", "2,2,2,2,2,2,2,2");
  }

  private Map<String, String> metadata(Architecture architecture) {
    Path file = folder.resolve("model.safetensors");
    model(architecture).save(file);
    assertThat(TrainedModel.load(file, CPU).network().architecture()).isEqualTo(architecture);
    try (SafeTensors opened = SafeTensors.open(file)) {
      return opened.metadata();
    }
  }

  private static TrainedModel model(Architecture architecture) {
    return new TrainedModel(
        CPU,
        Models.classifier(architecture, CPU, new Rng(1)),
        null,
        List.of("a", "b", "c"),
        Preprocessing.unscaled(32),
        Provenance.on(CPU));
  }

  /** They are absolute counts: the width applies to all else. */
  @Test
  void theWidthDoesNotChangeThem() {
    Architecture thin = RESNET.withInnerChannels(List.of(4, 4, 8, 8, 8, 8, 8, 8));
    assertThat(thin.withWidth(0.25).settings())
        .containsEntry("width", 0.25)
        .containsEntry("innerChannels", "4,4,8,8,8,8,8,8");
    assertThat(shapes(thin.withWidth(0.25)).get("layer1.0.conv2.weight"))
        .isEqualTo(Shape.of(3, 3, 4, 16));
    assertThatThrownBy(() -> thin.withWidth(1 / 32.0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 2,2,4,4,8,8,16,16");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8",
        "1,1,1,1,1,1,1",
        "1,1,1,1,1,1,1,1,1",
        "0,1,1,1,1,1,1,1",
        "9,1,1,1,1,1,1,1",
        "-1,1,1,1,1,1,1,1",
        "+1,1,1,1,1,1,1,1",
        "01,1,1,1,1,1,1,1",
        "1, 1,1,1,1,1,1,1",
        "1,1,1,1,1,1,1,",
        "1,1,1,1,1,1,1,9999999999",
        "a"
      })
  void whatDoesNotFitIsRefused(String text) {
    assertThatThrownBy(() -> RESNET.with("innerChannels", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8 numbers of 1 to at most 8,8,16,16,32,32,64,64, got " + text);
    Path file = folder.resolve("damaged.safetensors");
    model(RESNET).save(file);
    SafeTensorsWriter writer = new SafeTensorsWriter();
    try (SafeTensors read = SafeTensors.open(file)) {
      read.metadata().forEach(writer::metadata);
      writer.metadata("innerChannels", text);
      Models.stateDict(Models.classifier(RESNET, CPU)).putInto(writer);
    }
    writer.write(file);
    assertThatThrownBy(() -> TrainedModel.load(file, CPU))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("\"innerChannels\" is " + text);
  }

  @Test
  void bottlenecksHaveNone() {
    assertThatThrownBy(() -> Architecture.of("resnet50", 3).withInnerChannels(List.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the innerChannels of resnet50 cannot be chosen, got 1");
  }
}
