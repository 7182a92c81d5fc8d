package dev.thumbnet.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.DownscalerNet;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.TinyPictures;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Measuring models, also through thumbnails of 8 bits, and adapting them to thumbnails. */
final class EvaluatorTest {
  private static final Device CPU = Device.cpu();
  private static final TinyPictures PICTURES = new TinyPictures(20, 4);
  private static final Preprocessing SHOWN = Preprocessing.unscaled(TinyPictures.SIDE);

  private static TrainedModel model(DownscalerKind kind) {
    Classifier network = Models.classifier(TinyPictures.architecture(), CPU, new Rng(1));
    DownscalerNet downscaler =
        kind == null
            ? null
            : Models.downscaler(kind, Reduction.FOUR_TO_ONE, SHOWN.colors(), CPU, new Rng(2));
    return new TrainedModel(
        CPU, network, downscaler, PICTURES.classes(), SHOWN, Provenance.on(CPU));
  }

  private static Evaluator evaluator(int batch) {
    return new Evaluator(PICTURES, SHOWN, batch, 1, CPU);
  }

  private static Tensor picture(int index) {
    float[] pixels = SHOWN.normalize().apply(PICTURES.get(index));
    return Tensor.of(CPU, pixels, 1, TinyPictures.SIDE, TinyPictures.SIDE, 3);
  }

  @Test
  void measuresEveryPictureOnce() {
    TrainedModel model = model(null);
    Metrics.Meter meter = new Metrics.Meter(3);
    Evaluation evaluation = evaluator(6).evaluate(model);
    for (int i = 0; i < PICTURES.size(); i++) {
      double[] logits = model.logits(picture(i)).toDoubleArray();
      meter.add(logits, new int[] {PICTURES.label(i)});
      assertThat(evaluation.answer(i)).isEqualTo(Metrics.answers(logits, 3)[0]);
    }
    Metrics metrics = evaluation.metrics();
    assertThat(metrics.confusion()).isEqualTo(meter.metrics().confusion());
    assertThat(metrics.top1()).isEqualTo(meter.metrics().top1());
    assertThat(metrics.top5()).isEqualTo(100);
    assertThat(metrics.loss()).isCloseTo(meter.metrics().loss(), within(1e-5));
    assertThat(evaluator(PICTURES.size() + 5).evaluate(model).agreement(evaluation)).isEqualTo(100);
  }

  @Test
  void storedThumbnailsAreRoundedPictures() {
    TrainedModel model = model(DownscalerKind.PLAIN);
    Normalize normalize = SHOWN.normalize();
    Evaluation evaluation = evaluator(7).evaluateEightBit(model);
    for (int i = 0; i < PICTURES.size(); i++) {
      RgbImage stored = normalize.toImage(model.thumbnails(picture(i)).toArray(), 0, 8, 8);
      Tensor thumbnail = Tensor.of(CPU, normalize.apply(stored), 1, 8, 8, 3);
      double[] logits = model.classify(thumbnail).toDoubleArray();
      assertThat(evaluation.answer(i)).isEqualTo(Metrics.answers(logits, 3)[0]);
    }
    assertThatThrownBy(() -> evaluator(7).evaluateEightBit(model(null)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void eightBitsKeepPicturesThatHaveThem() {
    float[] pixels = picture(3).toArray();
    assertThat(Evaluator.eightBit(picture(3), SHOWN.normalize()).toArray()).isEqualTo(pixels);
    Tensor tooBright = Tensor.full(CPU, 1e3, 1, 2, 2, 3);
    float[] white = SHOWN.normalize().apply(RgbImage.of(white()));
    assertThat(Evaluator.eightBit(tooBright, SHOWN.normalize()).toArray()).isEqualTo(white);
  }

  private static java.awt.image.BufferedImage white() {
    var image = new java.awt.image.BufferedImage(2, 2, java.awt.image.BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 2, 2, new int[] {-1, -1, -1, -1}, 0, 2);
    return image;
  }

  @Test
  void agreementIsTheShareOfEqualAnswers() {
    Evaluation a = new Evaluation(null, new int[] {1, 2, 0, 0});
    Evaluation b = new Evaluation(null, new int[] {1, 2, 1, 0});
    assertThat(a.agreement(b)).isEqualTo(75);
    assertThatThrownBy(() -> a.agreement(new Evaluation(null, new int[1])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rightAnswersAreThoseWithTheLabel() {
    Evaluation evaluation = evaluator(6).evaluate(model(null));
    RightAnswers right = evaluation.right(PICTURES);
    assertThat(right.accuracy()).isEqualTo(evaluation.metrics().top1());
    for (int i = 0; i < PICTURES.size(); i++) {
      assertThat(right.isRight(i)).isEqualTo(evaluation.answer(i) == PICTURES.label(i));
    }
    assertThatThrownBy(() -> evaluation.right(new TinyPictures(19, 4)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void measuringChangesNothing() {
    TrainedModel model = model(DownscalerKind.RESIDUAL);
    String before = Provenance.fingerprint(model.network());
    evaluator(4).evaluate(model);
    assertThat(Provenance.fingerprint(model.network())).isEqualTo(before);
  }

  @Test
  void wrongNumberOfClasses() {
    assertThatThrownBy(() -> evaluator(4).evaluate(x -> Tensor.zeros(CPU, x.dim(0), 4)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new TrainedModel(
                    CPU,
                    Models.classifier(TinyPictures.architecture(), CPU),
                    null,
                    List.of("one"),
                    SHOWN,
                    Provenance.on(CPU)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3");
  }

  @Test
  void bareTeacherOnThumbnails() {
    TrainedModel teacher = model(null);
    TrainedModel direct = teacher.onThumbnails(Reduction.SIXTEEN_TO_ONE);
    assertThat(direct.inputSize()).isEqualTo(4);
    assertThat(direct.downscalerMacs()).isZero();
    assertThat(direct.macs()).isLessThan(teacher.macs());
    Tensor z = direct.thumbnails(picture(0));
    assertThat(direct.logits(picture(0)).toArray()).isEqualTo(teacher.classify(z).toArray());
  }

  @Test
  void reestimatedStatisticsAreThoseOfThumbnails() {
    TrainedModel direct = model(null).onThumbnails(Reduction.FOUR_TO_ONE);
    String weights = direct.network().namedParameters().get("fc.weight").tensor().toString();
    direct.reestimateBatchNorm(PICTURES, 1, PICTURES.size(), 5);

    Classifier network = direct.network();
    BatchNorm2d first = (BatchNorm2d) network.children().get("bn1");
    Module conv = network.children().get("conv1");
    double sum = 0;
    int count = 0;
    for (int i = 0; i < PICTURES.size(); i++) {
      double[] values = conv.forward(direct.thumbnails(picture(i))).toDoubleArray();
      for (int j = 0; j < values.length; j += 4) {
        sum += values[j];
        count++;
      }
    }
    assertThat(first.runningMean().toDoubleArray()[0]).isCloseTo(sum / count, within(1e-5));
    assertThat(network.training()).isFalse();
    assertThat(network.namedParameters().get("fc.weight").tensor().toString()).isEqualTo(weights);
  }
}
