package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** State names and shapes are torchvision's, in its order; shapes in this engine's layout. */
final class NamesTest {
  private static Classifier make(String name) {
    return Models.classifier(Architecture.of(name, 7).withWidth(.25), Device.meta());
  }

  private static void norm(List<String> names, String prefix) {
    for (String tensor :
        List.of("weight", "bias", "running_mean", "running_var", "num_batches_tracked")) {
      names.add(prefix + "." + tensor);
    }
  }

  private static List<String> resNetNames(int convolutions, int... blocks) {
    List<String> names = new ArrayList<>(List.of("conv1.weight"));
    norm(names, "bn1");
    for (int layer = 1; layer <= 4; layer++) {
      for (int block = 0; block < blocks[layer - 1]; block++) {
        String prefix = "layer" + layer + "." + block + ".";
        for (int i = 1; i <= convolutions; i++) {
          names.add(prefix + "conv" + i + ".weight");
          norm(names, prefix + "bn" + i);
        }
        if (block == 0 && (layer > 1 || convolutions == 3)) {
          names.add(prefix + "downsample.0.weight");
          norm(names, prefix + "downsample.1");
        }
      }
    }
    names.addAll(List.of("fc.weight", "fc.bias"));
    return names;
  }

  @Test
  void resNets() {
    assertThat(make("resnet18").stateNames()).hasSize(122).isEqualTo(resNetNames(2, 2, 2, 2, 2));
    assertThat(make("resnet34").stateNames()).hasSize(218).isEqualTo(resNetNames(2, 3, 4, 6, 3));
    assertThat(make("resnet50").stateNames()).hasSize(320).isEqualTo(resNetNames(3, 3, 4, 6, 3));
    assertThat(make("resnet152").stateNames()).hasSize(932).isEqualTo(resNetNames(3, 3, 8, 36, 3));
    for (String name :
        List.of("resnet101", "resnext101_32x8d", "resnext101_64x4d", "wide_resnet101_2")) {
      assertThat(make(name).stateNames()).hasSize(626).isEqualTo(resNetNames(3, 3, 4, 23, 3));
    }
    for (String name : List.of("resnext50_32x4d", "wide_resnet50_2")) {
      assertThat(make(name).stateNames()).isEqualTo(resNetNames(3, 3, 4, 6, 3));
    }
  }

  @Test
  void shapesOfResNets() {
    Map<String, Tensor> small =
        Models.classifier(Architecture.of("resnet18", 10), Device.cpu()).state().tensors();
    assertThat(small.get("conv1.weight").shape()).isEqualTo(Shape.of(7, 7, 3, 64));
    assertThat(small.get("layer2.0.conv1.weight").shape()).isEqualTo(Shape.of(3, 3, 64, 128));
    assertThat(small.get("layer4.0.downsample.0.weight").shape())
        .isEqualTo(Shape.of(1, 1, 256, 512));
    assertThat(small.get("fc.weight").shape()).isEqualTo(Shape.of(512, 10));
    Map<String, Tensor> large =
        Models.classifier(Architecture.of("resnet50", 10), Device.cpu()).state().tensors();
    assertThat(large.get("layer1.0.downsample.0.weight").shape())
        .isEqualTo(Shape.of(1, 1, 64, 256));
    assertThat(large.get("layer3.5.conv3.weight").shape()).isEqualTo(Shape.of(1, 1, 256, 1024));
    assertThat(large.get("fc.weight").shape()).isEqualTo(Shape.of(2048, 10));
  }

  /** Shapes as in torchvision, (out, in / groups, kh, kw) there. */
  @Test
  void shapesOfWideAndGroupedResNets() {
    assertThat(shapes("resnext50_32x4d").get("layer1.0.conv2.weight"))
        .isEqualTo(Shape.of(3, 3, 4, 128));
    assertThat(shapes("resnext50_32x4d").get("layer4.2.conv2.weight"))
        .isEqualTo(Shape.of(3, 3, 32, 1024));
    assertThat(shapes("resnext101_32x8d").get("layer1.0.conv2.weight"))
        .isEqualTo(Shape.of(3, 3, 8, 256));
    assertThat(shapes("resnext101_64x4d").get("layer3.0.conv2.weight"))
        .isEqualTo(Shape.of(3, 3, 16, 1024));
    assertThat(shapes("wide_resnet50_2").get("layer1.0.conv2.weight"))
        .isEqualTo(Shape.of(3, 3, 128, 128));
    assertThat(shapes("wide_resnet101_2").get("layer4.0.conv3.weight"))
        .isEqualTo(Shape.of(1, 1, 1024, 2048));
  }

  private static Map<String, Shape> shapes(String name) {
    Map<String, Shape> shapes = new HashMap<>();
    Models.classifier(Architecture.of(name, 10), Device.meta())
        .state()
        .tensors()
        .forEach((tensor, value) -> shapes.put(tensor, value.shape()));
    return shapes;
  }

  private static List<String> vggNames(boolean norm, int... indices) {
    List<String> names = new ArrayList<>();
    for (int i : indices) {
      names.add("features." + i + ".weight");
      names.add("features." + i + ".bias");
      if (norm) {
        norm(names, "features." + (i + 1));
      }
    }
    for (int i : new int[] {0, 3, 6}) {
      names.add("classifier." + i + ".weight");
      names.add("classifier." + i + ".bias");
    }
    return names;
  }

  @Test
  void vggs() {
    assertThat(make("vgg11").stateNames()).isEqualTo(vggNames(false, 0, 3, 6, 8, 11, 13, 16, 18));
    assertThat(make("vgg11_bn").stateNames())
        .isEqualTo(vggNames(true, 0, 4, 8, 11, 15, 18, 22, 25));
    assertThat(make("vgg13").stateNames())
        .isEqualTo(vggNames(false, 0, 2, 5, 7, 10, 12, 15, 17, 20, 22));
    assertThat(make("vgg19_bn").stateNames())
        .isEqualTo(vggNames(true, 0, 3, 7, 10, 14, 17, 20, 23, 27, 30, 33, 36, 40, 43, 46, 49));
    assertThat(make("vgg16").stateNames())
        .isEqualTo(vggNames(false, 0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28));
    assertThat(make("vgg16_bn").stateNames())
        .isEqualTo(vggNames(true, 0, 3, 7, 10, 14, 17, 20, 24, 27, 30, 34, 37, 40));
  }

  @Test
  void shapesOfVggs() {
    Architecture half = Architecture.of("vgg11", 10).withWidth(.5).withHidden(300);
    Map<String, Tensor> hidden = Models.classifier(half, Device.cpu()).state().tensors();
    assertThat(hidden.get("features.3.weight").shape()).isEqualTo(Shape.of(3, 3, 32, 64));
    assertThat(hidden.get("classifier.0.weight").shape()).isEqualTo(Shape.of(256 * 49, 150));
    assertThat(hidden.get("classifier.3.weight").shape()).isEqualTo(Shape.of(150, 150));
    assertThat(hidden.get("classifier.6.weight").shape()).isEqualTo(Shape.of(150, 10));
    Map<String, Tensor> average =
        Models.classifier(half.withHidden(0), Device.cpu()).state().tensors();
    assertThat(average.get("classifier.weight").shape()).isEqualTo(Shape.of(256, 10));
    assertThat(average).doesNotContainKey("classifier.0.weight");
  }
}
