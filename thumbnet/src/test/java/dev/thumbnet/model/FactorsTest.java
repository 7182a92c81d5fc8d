package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.io.SafeTensorsWriter;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.Conv2dOptions;
import dev.thumbnet.engine.plan.Cost;
import dev.thumbnet.pipeline.ModelException;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.MixedFactors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions that are made of smaller ones, and how files say so. */
final class FactorsTest {
  private static final Device META = Device.meta();

  @TempDir private Path folder;

  private static Conv2d conv(int in, int out, int kernel, int stride, int padding) {
    return new Conv2d(META, in, out, kernel, stride, padding, true, null);
  }

  private static long macs(Factors factors, Conv2d whole, int height, int width) {
    Shape input = Shape.of(1, height, width, whole.weight().tensor().dim(2));
    return Cost.of(factors.module(META, whole), input).macs();
  }

  private static List<Shape> weights(Factors factors, Conv2d whole) {
    return factors.layers(META, whole).stream().map(c -> c.weight().tensor().shape()).toList();
  }

  @Test
  void shapesStridesAndBiases() {
    Conv2d whole = conv(6, 8, 5, 2, 2);
    assertThat(weights(new Factors.Whole(), whole)).containsExactly(Shape.of(5, 5, 6, 8));
    assertThat(weights(new Factors.Svd(3), whole))
        .containsExactly(Shape.of(5, 5, 6, 3), Shape.of(1, 1, 3, 8));
    assertThat(weights(new Factors.Spatial(30), whole))
        .containsExactly(Shape.of(5, 1, 6, 30), Shape.of(1, 5, 30, 8));
    assertThat(weights(new Factors.Tucker(2, 4), whole))
        .containsExactly(Shape.of(1, 1, 6, 2), Shape.of(5, 5, 2, 4), Shape.of(1, 1, 4, 8));

    List<Conv2d> spatial = new Factors.Spatial(1).layers(META, whole);
    assertThat(spatial.getFirst().options()).isEqualTo(new Conv2dOptions(2, 1, 2, 0, 1, 1, 1));
    assertThat(spatial.getLast().options()).isEqualTo(new Conv2dOptions(1, 2, 0, 2, 1, 1, 1));
    List<Conv2d> tucker = new Factors.Tucker(1, 1).layers(META, whole);
    assertThat(tucker)
        .extracting(Conv2d::options)
        .containsExactly(Conv2dOptions.DEFAULT, Conv2dOptions.of(2, 2), Conv2dOptions.DEFAULT);
    assertThat(tucker).extracting(c -> c.bias() != null).containsExactly(false, false, true);
    Conv2d unbiased = new Conv2d(META, 6, 8, 3, 1, 1, false, null);
    assertThat(new Factors.Svd(1).layers(META, unbiased)).noneMatch(c -> c.bias() != null);
    assertThat(new Factors.Whole().module(META, whole)).isInstanceOf(Conv2d.class);
  }

  /** PAPER 5.6: out · in · k² / (r (in · k² + out)), 1.8 for half the channels and 3.6 for 1/4. */
  @Test
  void costsAreThoseOfTheFormula() {
    Conv2d whole = conv(32, 32, 3, 1, 1);
    double all = macs(new Factors.Whole(), whole, 7, 9);
    assertThat(all).isEqualTo(7 * 9 * 9 * 32 * 32);
    assertThat(all / macs(new Factors.Svd(16), whole, 7, 9)).isCloseTo(1.8, within(1e-12));
    assertThat(all / macs(new Factors.Svd(8), whole, 7, 9)).isCloseTo(3.6, within(1e-12));
    assertThat(all / macs(new Factors.Svd(32), whole, 7, 9)).isCloseTo(0.9, within(1e-12));
    assertThat(all / macs(new Factors.Spatial(16), whole, 7, 9)).isCloseTo(3, within(1e-12));
    assertThat(macs(new Factors.Tucker(8, 16), whole, 7, 9))
        .isEqualTo(7 * 9 * (32 * 8 + 9 * 8 * 16 + 16 * 32));

    Conv2d strided = conv(16, 32, 3, 2, 1);
    assertThat(macs(new Factors.Svd(8), strided, 7, 9)).isEqualTo(4 * 5 * (9 * 16 * 8 + 8 * 32));
    assertThat(macs(new Factors.Spatial(8), strided, 7, 9))
        .isEqualTo(4 * 9 * 3 * 16 * 8 + 4 * 5 * 3 * 8 * 32);
    assertThat(macs(new Factors.Tucker(8, 4), strided, 7, 9))
        .isEqualTo(7 * 9 * 16 * 8 + 4 * 5 * (9 * 8 * 4 + 4 * 32));
  }

  @Test
  void ranksAreBounded() {
    Conv2d whole = conv(3, 64, 7, 2, 3);
    for (Factors most :
        List.of(new Factors.Svd(64), new Factors.Spatial(21), new Factors.Tucker(3, 64))) {
      assertThat(most.layers(META, whole)).hasSizeGreaterThan(1);
    }
    for (Factors more :
        List.of(
            new Factors.Svd(65),
            new Factors.Spatial(22),
            new Factors.Tucker(4, 1),
            new Factors.Tucker(1, 65))) {
      assertThatThrownBy(() -> more.layers(META, whole))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("(7, 7, 3, 64)")
          .hasMessageContaining(more.toString());
    }
    assertThatThrownBy(() -> new Factors.Svd(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Factors.Spatial(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Factors.Tucker(1, 0)).isInstanceOf(IllegalArgumentException.class);
    Conv2dOptions slide = Conv2dOptions.of(1, 1);
    for (Conv2dOptions other : List.of(slide.withGroups(2), slide.withDilation(2))) {
      Conv2d odd = new Conv2d(META, 4, 4, 3, 3, other, false, null);
      assertThat(weights(new Factors.Whole(), odd)).containsExactly(odd.weight().tensor().shape());
      assertThatThrownBy(() -> new Factors.Svd(1).layers(META, odd))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Classifier make(Architecture architecture) {
    return Models.classifier(architecture, META);
  }

  @Test
  void convolutionsAreThoseLargerThanOnePixel() {
    assertThat(make(Architecture.of("resnet18", 3)).convolutions()).hasSize(17);
    assertThat(make(Architecture.of("resnet50", 3)).convolutions()).hasSize(17);
    assertThat(make(Architecture.of("resnext50_32x4d", 3)).convolutions()).hasSize(17);
    assertThat(make(Architecture.of("resnet34", 3).withSmallInput()).convolutions()).hasSize(33);
    assertThat(make(Architecture.of("vgg11", 3)).convolutions()).hasSize(8);
    assertThat(make(Architecture.of("vgg19_bn", 3)).convolutions()).hasSize(16);
    for (String name : Architecture.NAMES) {
      Classifier network = make(Architecture.of(name, 3));
      if (network instanceof Lwae) {
        assertThat(network.convolutions()).isEmpty();
        continue;
      }
      List<Module> large = new ArrayList<>(network.modules());
      large.removeIf(m -> !(m instanceof Conv2d c) || c.weight().tensor().dim(0) == 1);
      assertThat(network.convolutions()).isEqualTo(large);
    }
  }

  @Test
  void networksHaveTheFactorsOfTheirSetting() {
    Architecture eighth = Architecture.of("resnet18", 3).withWidth(1 / 8.0);
    String text = "svd:2,-,spatial:3,tucker:5x6" + ",-".repeat(13);
    Architecture factored = eighth.with("factors", text);
    assertThat(factored)
        .hasToString("resnet18 of width 0.125 with factored convolutions, 3 classes");
    List<String> names = make(factored).stateNames();
    assertThat(names)
        .contains("conv1.0.weight", "conv1.1.weight", "layer1.0.conv1.weight")
        .contains("layer1.0.conv2.1.weight", "layer1.1.conv1.2.weight", "layer4.1.conv2.weight")
        .doesNotContain("conv1.weight", "layer1.0.conv2.weight", "layer1.0.conv1.0.weight");
    assertThat(make(factored).convolutions().get(2).children()).hasSize(2);
    assertThat(factored.settings()).containsEntry("factors", text);
    assertThat(Architecture.of(new LinkedHashMap<>(factored.settings()))).isEqualTo(factored);
    List<Factors> same = new ArrayList<>(Collections.nCopies(17, new Factors.Whole()));
    same.set(0, new Factors.Svd(2));
    same.set(2, new Factors.Spatial(3));
    same.set(3, new Factors.Tucker(5, 6));
    assertThat(eighth.withFactors(same)).isEqualTo(factored);

    Architecture vgg = Architecture.of("vgg11", 3).withWidth(1 / 8.0).withHidden(0);
    Architecture two = vgg.with("factors", "-,svd:4" + ",-".repeat(6));
    assertThat(make(two).stateNames())
        .contains("features.0.bias", "features.3.0.weight", "features.3.1.weight")
        .contains("features.3.1.bias", "features.6.weight")
        .doesNotContain("features.3.0.bias", "features.3.bias");
    assertThat(two.label()).endsWith(" with global average with factored convolutions");
  }

  @Test
  void otherSettingsAreRefused() {
    Architecture eighth = Architecture.of("vgg11", 3).withWidth(1 / 8.0);
    String rest = ",-".repeat(7);
    for (String text :
        List.of(
            "-",
            "-" + rest + ",-",
            rest,
            "svd:0" + rest,
            "svd:01" + rest,
            "svd:+1" + rest,
            "svd: 1" + rest,
            "svd:9" + rest,
            "svd:2147483648" + rest,
            "svd:1x1" + rest,
            "tucker:1" + rest,
            "tucker:1x" + rest,
            "tucker:4x1" + rest,
            "cp:1" + rest)) {
      assertThatThrownBy(() -> eighth.with("factors", text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(eighth.with("factors", "svd:8" + rest).with("factors", "")).isEqualTo(eighth);
    assertThatThrownBy(() -> eighth.with("factors", "svd:8" + rest).withWidth(1 / 16.0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("svd:8");
    Architecture grouped = Architecture.of("resnext50_32x4d", 3);
    assertThat(make(grouped.with("factors", "svd:8" + ",-".repeat(16))).convolutions()).hasSize(17);
    assertThatThrownBy(() -> grouped.with("factors", "-,svd:8" + ",-".repeat(15)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private TrainedModel saved(Architecture architecture, Path file) {
    Device cpu = Device.cpu();
    TrainedModel model =
        new TrainedModel(
            cpu,
            Models.classifier(architecture, cpu),
            null,
            List.of("a", "b", "c"),
            Preprocessing.unscaled(64),
            Provenance.on(cpu).withAll("network", architecture.settings()));
    model.save(file);
    return model;
  }

  @Test
  void filesOfWholeNetworksDoNotKnowTheSetting() {
    Architecture whole = Architecture.of("resnet18", 3).withWidth(1 / 16.0);
    Path file = folder.resolve("whole");
    saved(whole, file);
    try (SafeTensors opened = SafeTensors.open(file)) {
      assertThat(opened.metadata()).doesNotContainKeys("factors", "setting.network.factors");
    }
    assertThat(TrainedModel.load(file, Device.cpu()).network().architecture()).isEqualTo(whole);

    Architecture factored = MixedFactors.of(whole);
    saved(factored, file);
    try (SafeTensors opened = SafeTensors.open(file)) {
      String text = factored.settings().get("factors").toString();
      assertThat(text).startsWith("tucker:2x2,spatial:2,svd:2,-,tucker:");
      assertThat(opened.metadata())
          .containsEntry("factors", text)
          .containsEntry("setting.network.factors", text);
      assertThat(opened.tensor("conv1.1.weight").shape()).containsExactly(2, 2, 7, 7);
      assertThat(opened.tensor("layer1.0.conv1.0.weight").shape()).containsExactly(2, 4, 3, 1);
      assertThat(opened.tensor("layer1.0.conv1.1.weight").shape()).containsExactly(4, 2, 1, 3);
    }
    assertThat(TrainedModel.load(file, Device.cpu()).network().architecture()).isEqualTo(factored);
  }

  /** Tensors of a whole network beside the setting of another. */
  @ParameterizedTest
  @ValueSource(strings = {"svd:1", "spatial:2"})
  void filesThatContradictThemselvesAreRefused(String first) {
    Architecture whole = Architecture.of("resnet18", 3).withWidth(1 / 16.0);
    Path file = folder.resolve("model");
    TrainedModel model = saved(whole, file);
    Path bad = folder.resolve("bad");
    try (SafeTensors opened = SafeTensors.open(file)) {
      SafeTensorsWriter writer = new SafeTensorsWriter();
      opened.metadata().forEach(writer::metadata);
      writer.metadata("factors", first + ",-".repeat(16));
      Models.stateDict(model.network()).putInto(writer);
      writer.write(bad);
    }
    assertThatThrownBy(() -> TrainedModel.load(bad, Device.cpu()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("\"factors\" is " + first)
        .hasMessageContaining("conv1.0.weight");
  }
}
