package dev.thumbnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.data.transform.CenterCrop;
import dev.thumbnet.data.transform.ColorJitter;
import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.data.transform.RandomHorizontalFlip;
import dev.thumbnet.data.transform.RandomResizedCrop;
import dev.thumbnet.data.transform.Resize;
import dev.thumbnet.data.transform.Transform;
import dev.thumbnet.testing.TestPictures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Batches repeat exactly with any number of threads, from any batch on, and failures surface in
 * their place.
 */
class LoaderTest {
  private static final Transform TRANSFORM =
      Transform.compose(
          new RandomResizedCrop(8, 0.3), new RandomHorizontalFlip(), new ColorJitter(.4, .4, .4));

  /** All there is to know about a batch, as a value. */
  private record Copy(List<Integer> indices, List<Integer> labels, int hash) {
    static Copy of(Batch batch) {
      assertThat(batch.pixels()).hasSize(batch.size() * batch.side() * batch.side() * 3);
      return new Copy(
          Arrays.stream(batch.indices()).boxed().toList(),
          Arrays.stream(batch.labels()).boxed().toList(),
          Arrays.hashCode(batch.pixels()));
    }
  }

  private static DataSet set(int size) {
    return new TestPictures.FunctionSet(
        size, List.of("a", "b", "c"), i -> TestPictures.noise(10 + i % 7, 12));
  }

  private static Loader loader(DataSet set, LoaderOptions options) {
    return new Loader(set, TRANSFORM, Normalize.imageNet(), 8, options);
  }

  private static List<Copy> epoch(Loader loader, int number, int fromBatch) {
    List<Copy> copies = new ArrayList<>();
    loader.startEpoch(number, fromBatch);
    while (loader.hasNext()) {
      assertThat(loader.position()).isEqualTo(fromBatch + copies.size());
      copies.add(Copy.of(loader.next()));
    }
    return copies;
  }

  @Test
  @Timeout(60)
  void a_picture_that_its_transform_cannot_take_is_named() {
    DataSet set = new TestPictures.FunctionSet(1, List.of("a"), _ -> TestPictures.noise(30_000, 2));
    LoaderOptions options = LoaderOptions.evaluation(1);
    try (Loader loader = new Loader(set, new Resize(256), Normalize.imageNet(), 8, options)) {
      loader.startEpoch(0, 0);
      assertThatThrownBy(loader::next)
          .isInstanceOf(ImageException.class)
          .hasMessageStartingWith("picture-0: a picture of 30000x2 pixels: with a short side");
    }
  }

  @Test
  @Timeout(60)
  void a_shuffled_epoch_yields_every_picture_once_with_its_label() {
    try (Loader loader = loader(set(23), new LoaderOptions(5, true, false, 1, 1, 2))) {
      List<Copy> copies = epoch(loader, 0, 0);
      assertThat(copies).hasSize(5).hasSize(loader.batches());
      assertThat(copies.get(4).indices).hasSize(3);
      List<Integer> indices = copies.stream().flatMap(c -> c.indices.stream()).toList();
      assertThat(indices).hasSize(23).doesNotHaveDuplicates();
      assertThat(indices).isNotEqualTo(indices.stream().sorted().toList());
      for (Copy copy : copies) {
        assertThat(copy.labels).isEqualTo(copy.indices.stream().map(i -> i % 3).toList());
      }
    }
  }

  @Test
  @Timeout(60)
  void without_shuffling_the_order_is_that_of_the_set() {
    try (Loader loader = loader(set(7), LoaderOptions.evaluation(3))) {
      assertThat(epoch(loader, 0, 0))
          .extracting(Copy::indices)
          .containsExactly(List.of(0, 1, 2), List.of(3, 4, 5), List.of(6));
    }
  }

  @Test
  @Timeout(60)
  void the_last_batch_can_be_dropped() {
    try (Loader loader = loader(set(23), LoaderOptions.training(5, 1))) {
      assertThat(loader.batches()).isEqualTo(4);
      assertThat(epoch(loader, 0, 0)).hasSize(4).allMatch(c -> c.indices.size() == 5);
    }
  }

  @Test
  @Timeout(60)
  void pixels_are_those_of_transform_and_normalisation() {
    DataSet set = set(2);
    Transform center = new CenterCrop(8);
    Normalize normalize = Normalize.imageNet();
    try (Loader loader = new Loader(set, center, normalize, 8, LoaderOptions.evaluation(2))) {
      loader.startEpoch(0, 0);
      float[] pixels = loader.next().pixels();
      float[] second = normalize.apply(center.apply(set.get(1), null));
      assertThat(Arrays.copyOfRange(pixels, 8 * 8 * 3, 2 * 8 * 8 * 3)).isEqualTo(second);
    }
  }

  @Property(tries = 30)
  void number_of_threads_and_prefetch_change_nothing(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int threads,
      @ForAll @IntRange(min = 1, max = 4) int prefetch) {
    List<Copy> expected;
    try (Loader loader = loader(set(20), new LoaderOptions(3, true, false, seed, 1, 1))) {
      expected = epoch(loader, 3, 0);
    }
    try (Loader loader =
        loader(set(20), new LoaderOptions(3, true, false, seed, threads, prefetch))) {
      assertThat(epoch(loader, 3, 0)).isEqualTo(expected);
      assertThat(epoch(loader, 3, 0)).isEqualTo(expected);
    }
  }

  @Property(tries = 30)
  void resuming_in_mid_epoch_equals_an_undisturbed_run(
      @ForAll @IntRange(max = 7) int fromBatch, @ForAll @IntRange(max = 5) int number) {
    try (Loader loader = loader(set(20), new LoaderOptions(3, true, false, 11, 2, 2))) {
      List<Copy> whole = epoch(loader, number, 0);
      assertThat(epoch(loader, number, fromBatch))
          .isEqualTo(whole.subList(fromBatch, whole.size()));
    }
  }

  @Test
  @Timeout(60)
  void epochs_differ_in_order_and_augmentation() {
    try (Loader loader = loader(set(40), new LoaderOptions(40, true, true, 1, 1, 1))) {
      Copy first = epoch(loader, 0, 0).getFirst();
      Copy second = epoch(loader, 1, 0).getFirst();
      assertThat(first.indices).isNotEqualTo(second.indices);
    }
    try (Loader loader = loader(set(40), new LoaderOptions(40, false, true, 1, 1, 1))) {
      Copy first = epoch(loader, 0, 0).getFirst();
      Copy second = epoch(loader, 1, 0).getFirst();
      assertThat(first.indices).isEqualTo(second.indices);
      assertThat(first.hash).isNotEqualTo(second.hash);
    }
  }

  @Test
  @Timeout(60)
  void an_abandoned_epoch_leaves_no_trace() {
    try (Loader loader = loader(set(60), new LoaderOptions(3, true, true, 1, 3, 3))) {
      List<Copy> expected = epoch(loader, 2, 0);
      for (int i = 0; i < 20; i++) {
        loader.startEpoch(1, 0);
        loader.next();
        assertThat(epoch(loader, 2, 0)).isEqualTo(expected);
      }
    }
  }

  @Test
  @Timeout(60)
  void no_more_is_loaded_ahead_than_allowed() throws InterruptedException {
    AtomicInteger loaded = new AtomicInteger();
    DataSet counting =
        new TestPictures.FunctionSet(
            100,
            List.of("a"),
            i -> {
              loaded.incrementAndGet();
              return TestPictures.noise(8, 8);
            });
    try (Loader loader = loader(counting, new LoaderOptions(2, true, true, 1, 2, 3))) {
      loader.startEpoch(0, 0);
      // 2 in the hands of threads, 3 waiting, 1 for the consumer, 2 pictures each.
      for (int i = 0; i < 200 && loaded.get() < 12; i++) {
        Thread.sleep(5);
      }
      Thread.sleep(50);
      assertThat(loaded).hasValueLessThanOrEqualTo(12);
      assertThat(epoch(loader, 1, 0)).hasSize(50);
    }
  }

  @Test
  @Timeout(60)
  void a_broken_picture_surfaces_in_its_own_batch() {
    DataSet broken =
        new TestPictures.FunctionSet(
            9,
            List.of("a"),
            i -> {
              if (i == 4) {
                throw new ImageException("cats/4.jpg", "the file is empty");
              }
              return TestPictures.noise(8, 8);
            });
    try (Loader loader = loader(broken, LoaderOptions.evaluation(3))) {
      loader.startEpoch(0, 0);
      loader.next();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(loader::next)
            .isInstanceOf(ImageException.class)
            .hasMessage("cats/4.jpg: the file is empty");
      }
      loader.startEpoch(0, 2);
      assertThat(Copy.of(loader.next()).indices).containsExactly(6, 7, 8);
    }
  }

  @Test
  @Timeout(60)
  void other_failures_name_the_picture_too() {
    DataSet dying =
        new TestPictures.FunctionSet(
            3,
            List.of("a"),
            i -> {
              throw new AssertionError("out of luck");
            });
    try (Loader loader = loader(dying, LoaderOptions.evaluation(3))) {
      loader.startEpoch(0, 0);
      assertThatThrownBy(loader::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("picture-0")
          .hasMessageContaining("out of luck");
    }
  }

  @Test
  @Timeout(60)
  void a_transform_of_another_size_is_reported() {
    try (Loader loader =
        new Loader(
            set(3), new CenterCrop(9), Normalize.imageNet(), 8, LoaderOptions.evaluation(3))) {
      loader.startEpoch(0, 0);
      assertThatThrownBy(loader::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("9x9")
          .hasMessageContaining("8x8")
          .hasMessageContaining("picture-0");
    }
  }

  @Test
  @Timeout(60)
  void waiting_can_be_interrupted() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    DataSet stuck =
        new TestPictures.FunctionSet(
            3,
            List.of("a"),
            i -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return null;
            });
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    try (Loader loader = loader(stuck, LoaderOptions.evaluation(3))) {
      loader.startEpoch(0, 0);
      Thread consumer =
          new Thread(
              () -> {
                try {
                  loader.next();
                } catch (CancellationException e) {
                  thrown.set(e);
                  assertThat(Thread.currentThread().isInterrupted()).isTrue();
                }
              });
      consumer.start();
      consumer.interrupt();
      consumer.join();
    }
    assertThat(thrown.get()).isInstanceOf(CancellationException.class);
  }

  @Test
  @Timeout(60)
  void close_ends_the_threads_and_further_use_is_refused() {
    Loader loader = loader(set(30), new LoaderOptions(3, true, true, 987_654, 3, 2));
    List<Thread> workers =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("thumbnet-loader"))
            .toList();
    assertThat(workers).hasSizeGreaterThanOrEqualTo(3).allMatch(Thread::isDaemon);
    loader.startEpoch(0, 0);
    loader.next();
    loader.close();
    loader.close();
    assertThatThrownBy(loader::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> loader.startEpoch(1, 0)).hasMessageContaining("closed");
  }

  @Test
  @Timeout(60)
  void misuse_is_refused() {
    try (Loader loader = loader(set(6), LoaderOptions.evaluation(3))) {
      assertThat(loader.hasNext()).isFalse();
      assertThatThrownBy(loader::next).isInstanceOf(NoSuchElementException.class);
      assertThatThrownBy(() -> loader.startEpoch(0, 3)).hasMessageContaining("2 batches");
      loader.startEpoch(0, 2);
      assertThat(loader.hasNext()).isFalse();
    }
    assertThatThrownBy(() -> loader(set(4), LoaderOptions.training(5, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 pictures cannot fill a batch of 5");
    assertThatThrownBy(() -> LoaderOptions.training(0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
