package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.plan.Cost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameters and multiply-adds agree with torchvision's published counts, and with each other. */
final class CostTest {
  private static final Device DEVICE = Device.cpu();
  private static final int[] SIZES = {224, 112, 56, 160, 128, 96, 64};

  private static Classifier make(Architecture architecture) {
    Classifier network = Models.classifier(architecture, DEVICE);
    network.eval();
    return network;
  }

  private static Shape picture(int size) {
    return Shape.of(1, size, size, 3);
  }

  private static double giga(Module network, int size) {
    return Math.rint(Cost.of(network, picture(size)).macs() / 1e5) / 1e4;
  }

  private static double mega(Module network, int size) {
    return Math.rint(Cost.of(network, picture(size)).macs() / 1e5) / 10;
  }

  @ParameterizedTest
  @CsvSource({
    "resnet18, 11689512, 1.8141, .4854, .1296, .9258, .5927, .3336, .1486",
    "resnet34, 21797672, 3.6638, .9655, .2673, 1.8695, 1.1967, .6734, .2996",
    "resnet50, 25557032, 4.0892, 1.0779, .2990, 2.0873, 1.3366, .7527, .3357"
  })
  void resNets(
      String name,
      long parameters,
      double m224,
      double m112,
      double m56,
      double m160,
      double m128,
      double m96,
      double m64) {
    Classifier network = make(Architecture.of(name, 1000));
    assertThat(network.parameterCount()).isEqualTo(parameters);
    double[] expected = {m224, m112, m56, m160, m128, m96, m64};
    for (int i = 0; i < SIZES.length; i++) {
      assertThat(giga(network, SIZES[i])).as("at %d", SIZES[i]).isEqualTo(expected[i]);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "vgg11, 132863336, 7.6091, 1.9950, .5761",
    "vgg16_bn, 138365992, 15.4703, 3.9603, 1.0598"
  })
  void vggs(String name, long parameters, double m224, double m112, double m56) {
    Classifier network = make(Architecture.of(name, 1000));
    assertThat(network.parameterCount()).isEqualTo(parameters);
    assertThat(giga(network, 224)).isEqualTo(m224);
    assertThat(giga(network, 112)).isEqualTo(m112);
    assertThat(giga(network, 56)).isEqualTo(m56);
  }

  /** Parameters and multiply-adds as torchvision's documentation gives them. */
  @ParameterizedTest
  @CsvSource({
    "resnet101, 44549160, 7.801",
    "resnet152, 60192808, 11.514",
    "resnext50_32x4d, 25028904, 4.230",
    "resnext101_32x8d, 88791336, 16.414",
    "resnext101_64x4d, 83455272, 15.460",
    "wide_resnet50_2, 68883240, 11.398",
    "wide_resnet101_2, 126886696, 22.753",
    "vgg13, 133047848, 11.308",
    "vgg13_bn, 133053736, 11.308",
    "vgg19, 143667240, 19.632",
    "vgg19_bn, 143678248, 19.632"
  })
  void relatives(String name, long parameters, double m224) {
    Classifier network = Models.classifier(Architecture.of(name, 1000), Device.meta());
    network.eval();
    assertThat(network.parameterCount()).isEqualTo(parameters);
    assertThat(giga(network, 224)).isCloseTo(m224, within(0.001));
  }

  /** Parameters of torchvision's networks, from which the large head is taken away here. */
  @ParameterizedTest
  @CsvSource({
    "vgg11, 132863336, 7.4855, 1.8714, .4525",
    "vgg11_bn, 132868840, 7.4855, 1.8714, .4525",
    "vgg16, 138357544, 15.3466, 3.8367, .9362",
    "vgg16_bn, 138365992, 15.3466, 3.8367, .9362"
  })
  void vggsWithGlobalAverage(String name, long parameters, double m224, double m112, double m56) {
    Classifier network = make(Architecture.of(name, 1000).withHidden(0));
    long largeHead = 25088 * 4096 + 4096 + 4096 * 4096 + 4096 + 4096 * 1000 + 1000;
    long head = 512 * 1000 + 1000;
    assertThat(network.parameterCount()).isEqualTo(parameters - largeHead + head);
    Module features = network.children().get("features");
    assertThat(giga(features, 224)).isEqualTo(m224);
    assertThat(giga(features, 112)).isEqualTo(m112);
    assertThat(giga(features, 56)).isEqualTo(m56);
  }

  @Test
  void vgg11WithGlobalAverage() {
    Classifier network = make(Architecture.of("vgg11", 1000).withHidden(0));
    assertThat(network.parameterCount()).isEqualTo(9_733_480);
    assertThat(giga(network, 112)).isEqualTo(1.8719);
    assertThat(giga(network, 56)).isEqualTo(.4530);
  }

  @ParameterizedTest
  @CsvSource({"10, 11181642", "36, 11194980", "100, 11227812", "120, 11238072", "200, 11279112"})
  void classes(int classes, long parameters) {
    assertThat(make(Architecture.of("resnet18", classes)).parameterCount()).isEqualTo(parameters);
  }

  @Test
  void smallInput() {
    Classifier ten = make(Architecture.of("resnet18", 10).withSmallInput());
    assertThat(ten.parameterCount()).isEqualTo(11_173_962);
    assertThat(giga(ten, 32)).isEqualTo(.5554);
    assertThat(giga(ten, 64)).isEqualTo(2.2217);
    Classifier many = make(Architecture.of("resnet18", 200).withSmallInput());
    assertThat(many.parameterCount()).isEqualTo(11_271_432);
  }

  @ParameterizedTest
  @CsvSource({
    "1.0, 11.18, 1813.6, 592.2, 484.9, 148.1, 129.1",
    ".75, 6.29, 1042.3, 340.3, 278.3, 85.1, 74.0",
    ".5, 2.80, 482.9, 157.7, 128.6, 39.4, 34.1",
    ".25, .70, 135.5, 44.2, 35.8, 11.1, 9.5"
  })
  void widths(
      double width,
      double millions,
      double m224,
      double m128,
      double m112,
      double m64,
      double m56) {
    Classifier network = make(Architecture.of("resnet18", 10).withWidth(width));
    assertThat(Math.rint(network.parameterCount() / 1e4) / 100).isEqualTo(millions);
    assertThat(mega(network, 224)).isEqualTo(m224);
    assertThat(mega(network, 128)).isEqualTo(m128);
    assertThat(mega(network, 112)).isEqualTo(m112);
    assertThat(mega(network, 64)).isEqualTo(m64);
    assertThat(mega(network, 56)).isEqualTo(m56);
  }

  @ParameterizedTest
  @CsvSource({
    // The plain form has 2,419 weights if biases stand in for the normalisation; with it, 16 more.
    "PLAIN, 2, 2435, 30.1",
    "PLAIN, 4, 2435, 18.8",
    "RESIDUAL, 2, 2435, 30.1",
    "PLAIN_NEAR_BICUBIC, 4, 2435, 18.8",
    "PLAIN_WIDE, 4, 2371, 18.4",
    "RESIDUAL_LARGE, 4, 18675, 91.4",
    // Without normalisation, a bias for each channel.
    "PLAIN_NO_BN, 2, 2419, 30.1",
    "RESIDUAL_NO_BN, 4, 2419, 18.8",
    "PATCH, 4, 11747, 36.4",
    "PATCH, 2, 10595, 131.3",
    // Blurs alone: resizing is not counted.
    "MULLER, 4, 4, 3.0",
    "MULLER, 2, 4, 3.0",
    // 130.9 at full size, 29.1 behind.
    "TALEBI_MILANFAR, 4, 12035, 159.9",
    "STEM, 4, 7923, 46.7",
    "STEM_TUNED, 4, 7923, 46.7",
    "NARROW_STEM, 4, 7923, 46.7",
    "STEM, 2, 7923, 98.1",
    "LAYER1, 4, 17267, 75.6",
    "LAYER1_TUNED, 4, 17267, 75.6",
    "BICUBIC, 4, 0, 0"
  })
  void downscalers(DownscalerKind kind, int factor, long parameters, double millions) {
    Module e =
        Models.downscaler(
            kind, Reduction.ofSide(factor), DownscalerTest.COLORS, DEVICE, new Rng(1));
    e.eval();
    assertThat(e.parameterCount()).isEqualTo(parameters);
    assertThat(mega(e, 224)).isEqualTo(millions);
    assertThat(Cost.of(e, picture(224)).output()).isEqualTo(picture(224 / factor));
  }

  @ParameterizedTest
  @CsvSource({"224, 802816", "112, 200704", "56, 50176"})
  void largestActivation(int size, int values) {
    Cost cost = Cost.of(make(Architecture.of("resnet18", 1000)), picture(size));
    assertThat(cost.largestActivation()).isEqualTo(values);
  }
}
