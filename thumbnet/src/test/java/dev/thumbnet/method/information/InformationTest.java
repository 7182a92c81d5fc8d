package dev.thumbnet.method.information;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.nn.Init;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.model.Classifier;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.testing.TinyPictures;
import dev.thumbnet.train.TrainingData;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Numbers of networks whose answers are known. */
final class InformationTest {
  private static final Device CPU = Device.cpu();
  private static final int SIDE = TinyPictures.SIDE;
  private static final TrainingData DATA = TinyPictures.data();

  /** Of a probe that answers these logits to every picture, and a decoder as it starts. */
  private static Map<String, Double> numbers(double... logits) {
    Classifier s = Models.classifier(TinyPictures.architecture(), CPU, new Rng(1));
    Init.constant(Objects.requireNonNull(s.namedParameters().get("fc.weight")).tensor(), 0);
    Objects.requireNonNull(s.namedParameters().get("fc.bias")).tensor().copyFrom(logits);
    TrainedModel model =
        new TrainedModel(
            CPU,
            s,
            Models.downscaler(
                DownscalerKind.BICUBIC,
                Reduction.FOUR_TO_ONE,
                DATA.preprocessing().colors(),
                CPU,
                null),
            DATA.train().classes(),
            DATA.preprocessing(),
            Provenance.on(CPU));
    return Information.of(
        model, new Decoder(2, CPU, new Rng(2)), DATA.validation(), DATA.evaluator(6, CPU));
  }

  private static double number(Map<String, Double> numbers, String name) {
    return Objects.requireNonNull(numbers.get(name));
  }

  @Test
  void whoGuessesHasNoBits() {
    assertThat(number(numbers(0, 0, 0), Information.BITS)).isCloseTo(0, within(1e-6));
  }

  /** Shares ½, ¼ and ¼ of three classes of which there are as many: CE = (1 + 2 + 2) / 3 bits. */
  @Test
  void whoIsWronglySureHasLess() {
    Map<String, Double> numbers = numbers(Math.log(2), 0, 0);
    assertThat(number(numbers, Information.BITS))
        .isCloseTo(Math.log(3) / Math.log(2) - 5 / 3.0, within(1e-6));
    assertThat(number(numbers, Information.JPEG_ACC)).isCloseTo(100 / 3.0, within(1e-9));
  }

  @Test
  void aDecoderThatHasLearntNothingGuessesAsBicubicEnlargement() {
    Normalize normalize = DATA.preprocessing().normalize();
    DataSet pictures = DATA.validation();
    double squares = 0;
    for (int i = 0; i < pictures.size(); i++) {
      Tensor x = Tensor.of(CPU, normalize.apply(pictures.get(i)), 1, SIDE, SIDE, 3);
      Tensor z = Ops.resize(x, SIDE / 2, SIDE / 2, Filter.BICUBIC_ANTIALIAS);
      float[] guess = Ops.resize(z, SIDE, SIDE, Filter.BICUBIC_ANTIALIAS).toArray();
      byte[] data = pictures.get(i).data();
      for (int k = 0; k < guess.length; k++) {
        double colour = guess[k] * normalize.std()[k % 3] + normalize.mean()[k % 3];
        double error = Math.clamp(colour, 0.0, 1.0) - (data[k] & 0xff) / 255.0;
        squares += error * error;
      }
    }
    double mse = squares / (3.0 * SIDE * SIDE * pictures.size());
    assertThat(number(numbers(0, 0, 0), Information.PSNR))
        .isCloseTo(-10 * Math.log10(mse), within(1e-3));
  }
}
