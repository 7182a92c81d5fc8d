package dev.thumbnet.bench.gpu;

import dev.thumbnet.bench.harness.CaseReader;
import dev.thumbnet.engine.backend.CudaPrecision;
import java.util.ArrayList;
import java.util.List;

/**
 * A case of the comparison, written like {@code train resnet18 224 b32 tf32 graph}.
 *
 * @param kind what is done
 * @param network torchvision's name of it
 * @param size side of the pictures in pixels
 * @param batch pictures at once
 * @param precision of convolutions and products
 * @param graph whether steps of training are recorded and replayed, which networks with dropout do
 *     not allow; plans always are
 */
record GpuCase(
    Kind kind, String network, int size, int batch, CudaPrecision precision, boolean graph) {
  /** What is done. */
  enum Kind {
    /** Steps of training. */
    TRAIN,
    /** Inference by a plan. */
    INFER,
    /** The layers of a network one by one, forward and backward. */
    LAYERS
  }

  private static final int SIZE = 224;
  private static final List<CudaPrecision> PRECISIONS =
      List.of(CudaPrecision.TF32, CudaPrecision.BF16);

  /** Returns the cases of the full comparison. */
  static List<GpuCase> all() {
    List<GpuCase> all = new ArrayList<>();
    for (String network : List.of("resnet18", "resnet50", "vgg11_bn")) {
      for (CudaPrecision precision : PRECISIONS) {
        all.add(new GpuCase(Kind.TRAIN, network, SIZE, 128, precision, false));
      }
    }
    for (CudaPrecision precision : PRECISIONS) {
      // A batch so small that starting kernels takes longer than they do, as is and replayed.
      all.add(new GpuCase(Kind.TRAIN, "resnet18", SIZE, 32, precision, false));
      all.add(new GpuCase(Kind.TRAIN, "resnet18", SIZE, 32, precision, true));
    }
    for (String network : List.of("resnet18", "resnet50", "vgg11")) {
      for (int batch : List.of(1, 32, 128, 256)) {
        for (CudaPrecision precision : PRECISIONS) {
          all.add(new GpuCase(Kind.INFER, network, SIZE, batch, precision, false));
        }
      }
    }
    for (String network : List.of("resnet18", "vgg11_bn")) {
      for (CudaPrecision precision : PRECISIONS) {
        all.add(new GpuCase(Kind.LAYERS, network, SIZE, 128, precision, false));
      }
    }
    return all;
  }

  /** Parses what {@link #toString} prints. */
  static GpuCase parse(String text) {
    CaseReader words = new CaseReader(text, all().getFirst().toString());
    return new GpuCase(
        words.constant(Kind.class, "kind"),
        words.network(),
        words.size(),
        words.batch(),
        words.constant(CudaPrecision.class, "precision"),
        words.endsWith("graph"));
  }

  @Override
  public String toString() {
    return CaseReader.lower(kind)
        + " "
        + network
        + " "
        + size
        + " b"
        + batch
        + " "
        + CaseReader.lower(precision)
        + (graph ? " graph" : "");
  }
}
