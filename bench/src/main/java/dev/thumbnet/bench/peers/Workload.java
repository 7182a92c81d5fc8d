package dev.thumbnet.bench.peers;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thumbnet.bench.Noise;
import dev.thumbnet.bench.harness.CaseReader;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Preprocessing;
import java.util.ArrayList;
import java.util.List;

/**
 * A case of the comparison, by what is computed.
 *
 * @param kind what for
 * @param what name of the network, or the convolution; none for a product
 * @param size side of the pictures in pixels, or the extent of the square matrices
 * @param batch pictures at once
 */
record Workload(Kind kind, String what, int size, int batch) {
  static final int CLASSES = 1000;

  /** By how much the smallest thumbnails shrink sides. */
  static final int SMALLEST = 4;

  /**
   * Layers of ResNet-18 and VGG-11 on pictures of 224, 112 and 56 pixels: both stems, each kind of
   * step to a smaller map, and 3x3 on maps of all sizes.
   */
  private static final List<String> LAYERS =
      List.of(
          "h224 w224 c3 k64 r7 s7 st2 p3",
          "h224 w224 c3 k64 r3 s3 st1 p1",
          "h112 w112 c64 k128 r3 s3 st1 p1",
          "h56 w56 c64 k64 r3 s3 st1 p1",
          "h56 w56 c64 k128 r3 s3 st2 p1",
          "h56 w56 c64 k128 r1 s1 st2 p0",
          "h28 w28 c128 k128 r3 s3 st1 p1",
          "h28 w28 c512 k512 r3 s3 st1 p1",
          "h14 w14 c256 k256 r3 s3 st1 p1",
          "h7 w7 c512 k512 r3 s3 st1 p1",
          "h4 w4 c512 k512 r3 s3 st1 p1",
          "h2 w2 c512 k512 r3 s3 st1 p1");

  /** What a case is about. */
  enum Kind {
    /** Pictures to logits, against other frameworks. */
    FORWARD,
    /** A step of training, against other frameworks. */
    TRAIN,
    /** Teacher against downscaler and student, all the engine's. */
    THUMBNAILS,
    /** A product of two square matrices. */
    PRODUCT,
    /** A single convolution with bias and ReLU, its weights prepared. */
    CONVOLUTION
  }

  /** The cases of the full comparison. */
  static List<Workload> all() {
    List<Workload> all = new ArrayList<>();
    for (String network : List.of("resnet18", "vgg11")) {
      for (int size : List.of(224, 112, 56)) {
        for (int batch : List.of(1, 16)) {
          all.add(new Workload(Kind.FORWARD, network, size, batch));
        }
      }
    }
    for (String network : List.of("resnet18", "vgg11_bn")) {
      all.add(new Workload(Kind.TRAIN, network, 112, 16));
    }
    all.add(new Workload(Kind.PRODUCT, "", 2048, 1));
    for (int batch : List.of(1, 16)) {
      all.add(new Workload(Kind.THUMBNAILS, "resnet18", 224, batch));
    }
    for (int batch : List.of(1, 16)) {
      LAYERS.forEach(layer -> all.add(convolution("n" + batch + " " + layer)));
    }
    return all;
  }

  /** Parses what {@link #toString} prints. */
  static Workload parse(String text) {
    CaseReader words = new CaseReader(text, all().getFirst().toString());
    Kind kind = words.constant(Kind.class, "kind");
    if (kind == Kind.CONVOLUTION) {
      try {
        return convolution(words.rest());
      } catch (IllegalArgumentException e) {
        throw words.wrong(e.getMessage());
      }
    }
    boolean product = kind == Kind.PRODUCT;
    String network = product ? "" : words.network();
    int size = words.size();
    int batch = product ? 1 : words.batch();
    words.end();
    if (kind == Kind.THUMBNAILS && size % SMALLEST != 0) {
      throw words.wrong("thumbnails need a size that " + SMALLEST + " divides");
    }
    return new Workload(kind, network, size, batch);
  }

  private static Workload convolution(String problem) {
    Conv2dProblem p = Conv2dProblem.parse(problem);
    return new Workload(Kind.CONVOLUTION, p.toString(), p.h(), p.n());
  }

  /** Returns the convolution of such a case. */
  Conv2dProblem convolution() {
    return Conv2dProblem.parse(what);
  }

  /**
   * Makes the network, the same in every run.
   *
   * @param factor by which a downscaler before it shrinks sides; 1 for none
   */
  Module module(Device device, int factor) {
    Architecture architecture = Architecture.of(what, CLASSES).withHidden(0);
    Module s = Models.classifier(architecture, device, new Rng(1));
    Module whole =
        factor == 1
            ? s
            : new Sequential(
                Models.downscaler(
                    DownscalerKind.PLAIN,
                    Reduction.ofSide(factor),
                    Preprocessing.photographs(size).colors(),
                    device,
                    new Rng(2)),
                s);
    Noise.fillStatistics(whole, new Rng(3));
    return whole;
  }

  /** Returns a batch of noise, (n, size, size, 3). */
  float[] pictures() {
    return Noise.values(batch * size * size * 3, 4);
  }

  /** Returns a class for each picture. */
  int[] labels() {
    Rng rng = new Rng(5);
    int[] labels = new int[batch];
    for (int i = 0; i < batch; i++) {
      labels[i] = rng.nextInt(CLASSES);
    }
    return labels;
  }

  Shape input() {
    return Shape.of(batch, size, size, 3);
  }

  /**
   * What no implementation can do without, unless it saves multiply-adds as Winograd's do.
   *
   * @param macs multiply-adds of one run; a step of training takes three forward passes
   * @param bytes weights or operands, each once
   */
  record Floor(@JsonProperty("macs") long macs, @JsonProperty("bytes") long bytes) {}

  /**
   * Returns the floor of a run.
   *
   * @param factor of the downscaler, see {@link #module}
   */
  Floor floor(int factor) {
    if (kind == Kind.PRODUCT) {
      return new Floor((long) size * size * size, 3L * size * size * Float.BYTES);
    }
    if (kind == Kind.CONVOLUTION) {
      Conv2dProblem p = convolution();
      return new Floor(p.macs(), (long) p.weightSize() * Float.BYTES);
    }
    try (Device device = Device.cpu(1)) {
      Module module = module(device, factor);
      module.eval();
      long forward = dev.thumbnet.engine.plan.Cost.of(module, input()).macs();
      long macs = kind == Kind.TRAIN ? 3 * forward : forward;
      return new Floor(macs, module.parameterCount() * Float.BYTES);
    }
  }

  @Override
  public String toString() {
    return CaseReader.lower(kind)
        + switch (kind) {
          case PRODUCT -> " " + size;
          case CONVOLUTION -> " " + what;
          default -> " " + what + " " + size + " b" + batch;
        };
  }
}
