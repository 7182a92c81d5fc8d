package dev.thumbnet.bench.embedding;

import com.sun.management.ThreadMXBean;
import dev.thumbnet.Classification;
import dev.thumbnet.ThumbClassifier;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.plan.Plan;
import dev.thumbnet.pipeline.TrainedModel;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Endurance: 64 threads classify pictures with classifiers of several sizes and formats at the same
 * time, and compare each answer, bit for bit, with the one that a single thread got before.
 * Argument: minutes. Prints name and value of what it found, a line each.
 */
final class Soak {
  private static final int THREADS = 64;
  private static final int PICTURES = 8;
  private static final int RUNS = 500;

  private final List<ThumbClassifier> classifiers = new ArrayList<>();
  private final List<RgbImage> pictures = new ArrayList<>();
  private final List<List<Classification>> expected = new ArrayList<>();
  private final AtomicLong answers = new AtomicLong();
  private final AtomicLong wrong = new AtomicLong();

  private Soak() {}

  /** Runs once. */
  public static void main(String[] args) throws Exception {
    new Soak().run((long) (60e9 * Double.parseDouble(args[0])));
  }

  private void run(long nanos) throws Exception {
    for (byte[] file : Material.jpegs(null, PICTURES)) {
      pictures.add(new ImageDecoder().decode(file, "picture"));
    }
    Device all = Device.cpu(2);
    Device one = Device.cpu(1);
    for (int factor : new int[] {1, 2, 4}) {
      for (WeightFormat format : WeightFormat.values()) {
        classifiers.add(new ThumbClassifier(Material.model("resnet18", factor, all), format));
      }
    }
    classifiers.add(new ThumbClassifier(Material.model("vgg11_bn", 4, one)));
    for (ThumbClassifier classifier : classifiers) {
      expected.add(pictures.stream().map(classifier::classify).toList());
    }
    long begin = System.nanoTime();
    List<Thread> running = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      Rng rng = new Rng(t);
      running.add(Thread.ofPlatform().start(() -> work(rng, begin + nanos)));
    }
    Thread.sleep(nanos / 10 / 1_000_000);
    double early = usedMegabytes();
    for (Thread thread : running) {
      thread.join();
    }
    double late = usedMegabytes();
    System.out.printf("threads\t%d%n", THREADS);
    System.out.printf("minutes\t%.1f%n", nanos / 60e9);
    System.out.printf("classifiers\t%d%n", classifiers.size());
    System.out.printf("answers\t%d%n", answers.get());
    System.out.printf("answers that differ\t%d%n", wrong.get());
    System.out.printf("heap in use after a tenth, MB\t%.1f%n", early);
    System.out.printf("heap in use at the end, MB\t%.1f%n", late);
    for (WeightFormat format : WeightFormat.values()) {
      for (int batch : new int[] {1, 16}) {
        System.out.printf(
            "bytes allocated by a run, %s, batch %d\t%d%n",
            format.name().toLowerCase(Locale.ROOT), batch, allocated(format, batch, one));
      }
    }
  }

  private void work(Rng rng, long end) {
    while (System.nanoTime() < end) {
      int which = rng.nextInt(classifiers.size());
      int picture = rng.nextInt(pictures.size());
      Classification found = classifiers.get(which).classify(pictures.get(picture));
      answers.incrementAndGet();
      if (!found.equals(expected.get(which).get(picture))) {
        wrong.incrementAndGet();
      }
    }
  }

  private static double usedMegabytes() throws InterruptedException {
    System.gc();
    Thread.sleep(200);
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
  }

  /** Returns the bytes that a run of downscaler and student allocates when all is compiled. */
  private static long allocated(WeightFormat format, int batch, Device device) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    TrainedModel model = Material.model("resnet18", 4, device);
    long bytes = 0;
    for (Module part : List.of(model.downscaler(), model.network())) {
      int side = part == model.network() ? model.inputSize() : Material.SIZE;
      Plan plan = Plan.compile(part, device, Shape.of(batch, side, side, 3), format);
      float[] x = new float[plan.input().size()];
      float[] y = new float[plan.output().size()];
      for (int i = 0; i < RUNS; i++) {
        plan.run(batch, x, y);
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < RUNS; i++) {
        plan.run(batch, x, y);
      }
      bytes += (threads.getCurrentThreadAllocatedBytes() - before) / RUNS;
    }
    return bytes;
  }
}
