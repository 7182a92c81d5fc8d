package dev.thumbnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.data.synthetic.SyntheticPictures;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers with one picture each get their own answers, or are told that too many wait. */
@Timeout(60)
final class BatchClassifierTest {
  private static final SyntheticPictures PICTURES = SyntheticPictures.val(48, 1, 5);

  private static ThumbClassifier classifier(int most) {
    Device device = Device.cpu();
    Preprocessing shown = Preprocessing.photographs(32);
    Rng rng = new Rng(3);
    TrainedModel model =
        new TrainedModel(
            device,
            Models.classifier(Architecture.of("resnet18", 12).withWidth(0.0625), device, rng),
            Models.downscaler(
                DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE, shown.colors(), device, rng),
            PICTURES.classes(),
            shown,
            Provenance.on(device));
    return new ThumbClassifier(model, WeightFormat.F32, most);
  }

  private static void same(Classification found, Classification expected) {
    assertThat(found.best().className()).isEqualTo(expected.best().className());
    assertThat(found.best().probability()).isCloseTo(expected.best().probability(), offset(1e-4));
  }

  @Test
  void manyCallersGetTheirOwnAnswers() {
    ThumbClassifier classifier = classifier(4);
    List<RgbImage> pictures = IntStream.range(0, 40).mapToObj(i -> PICTURES.get(i % 12)).toList();
    try (BatchClassifier batches = new BatchClassifier(classifier, 40)) {
      List<CompletableFuture<Classification>> answers =
          pictures.parallelStream().map(batches::submit).toList();
      for (int i = 0; i < pictures.size(); i++) {
        same(answers.get(i).join(), classifier.classify(pictures.get(i)));
      }
      assertThat(batches.waiting()).isZero();
    }
  }

  @Test
  void refusesWhenTooManyWaitAndLeavesOutWhatWasCancelled() {
    ThumbClassifier classifier = classifier(2);
    CountDownLatch held = new CountDownLatch(1);
    ThreadFactory late =
        run ->
            new Thread(
                () -> {
                  await(held);
                  run.run();
                });
    try (BatchClassifier batches = new BatchClassifier(classifier, 3, late)) {
      List<CompletableFuture<Classification>> answers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        answers.add(batches.submit(PICTURES.get(i)));
      }
      assertThat(batches.waiting()).isEqualTo(3);
      assertThatThrownBy(() -> batches.submit(PICTURES.get(1)))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("3 pictures wait already");
      answers.get(1).cancel(false);
      held.countDown();
      same(answers.get(0).join(), classifier.classify(PICTURES.get(0)));
      same(answers.get(2).join(), classifier.classify(PICTURES.get(2)));
      assertThat(answers.get(1).isCancelled()).isTrue();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void closingAnswersWhatWaitsAndRefusesMore() {
    BatchClassifier batches = new BatchClassifier(classifier(2), 10);
    List<CompletableFuture<Classification>> answers =
        IntStream.range(0, 7).mapToObj(i -> batches.submit(PICTURES.get(i))).toList();
    batches.close();
    batches.close();
    assertThat(answers).allMatch(CompletableFuture::isDone);
    assertThatThrownBy(() -> batches.submit(PICTURES.get(0)))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> new BatchClassifier(classifier(1), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
