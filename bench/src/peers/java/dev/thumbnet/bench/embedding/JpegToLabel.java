package dev.thumbnet.bench.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.thumbnet.bench.harness.Turns;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.onnx.Onnx;
import dev.thumbnet.engine.plan.Plan;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.TrainedModel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pictures per second from JPEG to label, downscaler and student at 56 pixels, as a server would
 * get them: each thread takes pictures from decoding to label with a network that computes on that
 * thread alone. Decoder and resizing are the same for all. Arguments: threads, a folder of JPEG
 * files or -. Prints a line for each service: name, pictures per second, and the milliseconds of a
 * thread for a picture in decoding, resizing, normalising and the network.
 */
final class JpegToLabel {
  private static final int PICTURES = 64;
  private static final int ROUNDS = 7;
  private static final long WARM_UP = 4_000_000_000L;
  private static final long SLICE = 1_500_000_000;
  private static final Preprocessing SHOWN = Preprocessing.photographs(Material.SIZE);
  private static final int PIXELS = Material.SIZE * Material.SIZE;
  private static final ImageDecoder DECODER = new ImageDecoder();

  private final int threads;
  private final List<byte[]> files;

  private JpegToLabel(int threads, List<byte[]> files) {
    this.threads = threads;
    this.files = files;
  }

  /** A network with the input of one thread. */
  private interface Network {
    /** Brings a picture's colours to a place of the input. */
    void put(int place, RgbImage shown);

    /** Returns the classes of the first pictures. */
    int[] labels(int count);
  }

  /** Makes a thread's network. */
  private interface Maker {
    Network make();
  }

  /** What a server would run: a network, and how many pictures it takes at once. */
  private record Service(String name, int batch, Maker maker) {}

  /** What a slice of time brought: pictures per second and the nanoseconds of each stage. */
  private record Rate(double perSecond, double[] stages) {}

  /** Runs once. */
  public static void main(String[] args) throws Exception {
    int threads = Integer.parseInt(args[0]);
    Path folder = args[1].equals("-") ? null : Path.of(args[1]);
    new JpegToLabel(threads, Material.jpegs(folder, PICTURES)).run();
  }

  private void run() throws Exception {
    List<Service> all = services();
    check(all);
    for (Service service : all) {
      slice(service, WARM_UP);
    }
    Rate[][] rates = new Rate[all.size()][ROUNDS];
    Turns.rotate(
        all.size(), ROUNDS, (index, round) -> rates[index][round] = slice(all.get(index), SLICE));
    for (int i = 0; i < all.size(); i++) {
      Arrays.sort(rates[i], (a, b) -> Double.compare(a.perSecond, b.perSecond));
      Rate median = rates[i][ROUNDS / 2];
      StringBuilder line = new StringBuilder(all.get(i).name);
      line.append(String.format(Locale.ROOT, "\t%.1f", median.perSecond));
      for (double stage : median.stages) {
        line.append(String.format(Locale.ROOT, "\t%.3f", stage));
      }
      System.out.println(line);
    }
  }

  private static List<Service> services() throws OrtException {
    Device device = Device.cpu(1); // computes on the thread that calls
    TrainedModel model = Material.model("resnet18", 4, device);
    Module both = new Sequential(model.downscaler(), model.network());
    both.eval();
    OrtSession session = session(both, device);
    List<Service> all = new ArrayList<>();
    for (int batch : new int[] {1, 16}) {
      Shape shape = Shape.of(batch, Material.SIZE, Material.SIZE, 3);
      for (WeightFormat format : WeightFormat.values()) {
        Plan plan = Plan.compile(both, device, shape, format);
        String name = "engine " + format.name().toLowerCase(Locale.ROOT) + ", batch " + batch;
        all.add(new Service(name, batch, () -> new EngineNetwork(plan)));
      }
      all.add(
          new Service(
              "ONNX Runtime, batch " + batch, batch, () -> new OnnxNetwork(session, batch)));
    }
    return all;
  }

  private static OrtSession session(Module both, Device device) throws OrtException {
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    Onnx.write(both, Tensor.zeros(device, 1, Material.SIZE, Material.SIZE, 3), model);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      return OrtEnvironment.getEnvironment().createSession(model.toByteArray(), options);
    }
  }

  /** Fails unless all services of f32 give the same labels. */
  private void check(List<Service> all) {
    int[] expected = null;
    for (Service service : all) {
      if (service.name.contains("bf16") || service.name.contains("int8")) {
        continue;
      }
      Network network = service.maker.make();
      int[] labels = new int[files.size()];
      for (int i = 0; i < labels.length; i++) {
        network.put(0, SHOWN.crop(DECODER.decode(files.get(i), "picture")));
        labels[i] = network.labels(1)[0];
      }
      if (expected != null && !Arrays.equals(expected, labels)) {
        throw new IllegalStateException(service.name + " gives other labels; nothing is timed");
      }
      expected = labels;
    }
  }

  private Rate slice(Service service, long nanos) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    long[][] stages = new long[threads][4];
    List<Thread> running = new ArrayList<>();
    long begin = System.nanoTime();
    for (int t = 0; t < threads; t++) {
      long[] own = stages[t];
      running.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    Network network = service.maker.make();
                    while (System.nanoTime() - begin < nanos) {
                      step(network, service.batch, next, own);
                      done.addAndGet(service.batch);
                    }
                  }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    double[] each = new double[4];
    for (int i = 0; i < 4; i++) {
      for (long[] own : stages) {
        each[i] += own[i] / 1e6 / done.get();
      }
    }
    return new Rate(done.get() / seconds, each);
  }

  private void step(Network network, int batch, AtomicInteger next, long[] stages) {
    for (int i = 0; i < batch; i++) {
      byte[] file = files.get(next.getAndIncrement() % files.size());
      long begin = System.nanoTime();
      RgbImage picture = DECODER.decode(file, "picture");
      long decoded = System.nanoTime();
      RgbImage shown = SHOWN.crop(picture);
      long resized = System.nanoTime();
      network.put(i, shown);
      long put = System.nanoTime();
      stages[0] += decoded - begin;
      stages[1] += resized - decoded;
      stages[2] += put - resized;
    }
    long begin = System.nanoTime();
    network.labels(batch);
    stages[3] += System.nanoTime() - begin;
  }

  private static int largest(float[] logits, int from) {
    int best = 0;
    for (int i = 1; i < Material.CLASSES; i++) {
      if (logits[from + i] > logits[from + best]) {
        best = i;
      }
    }
    return best;
  }

  private static final class EngineNetwork implements Network {
    private final Plan plan;
    private final float[] in;
    private final float[] logits;

    EngineNetwork(Plan plan) {
      this.plan = plan;
      this.in = new float[plan.input().size()];
      this.logits = new float[plan.output().size()];
    }

    @Override
    public void put(int place, RgbImage shown) {
      SHOWN.normalize().apply(shown, in, place * 3 * PIXELS);
    }

    @Override
    public int[] labels(int count) {
      plan.run(count, in, logits);
      int[] labels = new int[count];
      Arrays.setAll(labels, i -> largest(logits, i * Material.CLASSES));
      return labels;
    }
  }

  /** Takes planes of colours. */
  private static final class OnnxNetwork implements Network {
    private final OrtSession session;
    private final float[] planes = new float[3 * PIXELS];
    private final float[][] table = new float[3][256];
    private final FloatBuffer in;

    OnnxNetwork(OrtSession session, int batch) {
      this.session = session;
      this.in =
          ByteBuffer.allocateDirect(batch * 3 * PIXELS * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      Normalize normalize = SHOWN.normalize();
      for (int c = 0; c < 3; c++) {
        for (int v = 0; v < 256; v++) {
          table[c][v] = (v / 255f - normalize.mean()[c]) / normalize.std()[c];
        }
      }
    }

    @Override
    public void put(int place, RgbImage shown) {
      byte[] data = shown.data();
      for (int i = 0; i < PIXELS; i++) {
        planes[i] = table[0][data[3 * i] & 0xff];
        planes[PIXELS + i] = table[1][data[3 * i + 1] & 0xff];
        planes[2 * PIXELS + i] = table[2][data[3 * i + 2] & 0xff];
      }
      in.put(place * 3 * PIXELS, planes);
    }

    @Override
    public int[] labels(int count) {
      long[] shape = {count, 3, Material.SIZE, Material.SIZE};
      FloatBuffer some = in.duplicate().position(0).limit(count * 3 * PIXELS);
      try (OnnxTensor tensor =
              OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), some, shape);
          OrtSession.Result result = session.run(Map.of(Onnx.INPUT, tensor))) {
        FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] logits = new float[values.remaining()];
        values.get(logits);
        int[] labels = new int[count];
        Arrays.setAll(labels, i -> largest(logits, i * Material.CLASSES));
        return labels;
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
