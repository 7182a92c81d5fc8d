package dev.thumbnet.bench.embedding;

import ai.onnxruntime.OrtEnvironment;
import dev.thumbnet.bench.harness.CommandRunner;
import dev.thumbnet.bench.harness.Machine;
import dev.thumbnet.bench.harness.Run;
import dev.thumbnet.bench.harness.Subprocess;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.WeightFormat;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Starts the parts in new JVMs, one after the other, and makes tables of what they print. */
@Command(
    name = "embedding",
    sortOptions = false,
    description =
        "Measures what an application that embeds a classifier gets. Let nothing else run"
            + " meanwhile.")
final class Embedding implements Callable<Integer> {
  private static final String VECTOR = "--add-modules=jdk.incubator.vector";
  private static final int CALLS = 40;

  /** How long a classifier rests before its first picture, in another run. */
  private static final long REST_MILLIS = 3000;

  private static final Path NEWEST = Path.of("bench", "EMBEDDING.md");

  /** What of this program's class path is no native framework: what applications have. */
  private static final String OWN =
      Stream.of(Subprocess.classPath().split(File.pathSeparator))
          .filter(entry -> Path.of(entry).getFileName().toString().startsWith("thumbnet"))
          .collect(Collectors.joining(File.pathSeparator));

  @Mixin private EmbeddingOptions options = new EmbeddingOptions();

  private Run<List<String>, EmbeddingResults> run;
  private Path pictures;
  private Path folder;

  /** Runs the command line. */
  public static void main(String[] args) {
    CommandRunner.main(new Embedding(), args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    pictures = options.pictures();
    run = options.run().begin(none(), EmbeddingResults.class);
    folder = Files.createTempDirectory("embedding");
    try {
      for (EmbeddingOptions.Part part : options.parts()) {
        measure(part);
      }
    } finally {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
    run.end();
    if (options.whole()) {
      options.run().files().publish(NEWEST);
    }
    return 0;
  }

  private EmbeddingResults none() {
    return new EmbeddingResults(
        Machine.now(),
        options.command(),
        Machine.describe(),
        Machine.java(),
        "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion(),
        new LinkedHashMap<>());
  }

  // ---------------------------------------------------------------- parts

  private void measure(EmbeddingOptions.Part part) throws IOException, InterruptedException {
    switch (part) {
      case START -> firstAnswers();
      case FORMATS -> {
        for (String batch : List.of("1", "16")) {
          times("formats " + batch, () -> own(List.of(VECTOR), WeightFormats.class, "2", batch));
        }
      }
      case JPEG -> times("jpeg", this::jpegToLabel);
      case MEMORY -> memory();
      case AGREEMENT -> {
        once("agreement", () -> own(List.of(VECTOR), Agreement.class));
        List<String> direct = List.of(VECTOR, "-Ddev.thumbnet.engine.winograd=false");
        once("agreement without Winograd", () -> own(direct, Agreement.class));
      }
      case SOAK -> {
        String minutes = Double.toString(options.soak());
        once("soak", () -> own(List.of(VECTOR), Soak.class, minutes));
      }
    }
  }

  private void firstAnswers() throws IOException, InterruptedException {
    Path model = model();
    Path picture = picture();
    Path cache = folder.resolve("cache.aot");
    if (!run.has("rested, " + WeightFormat.INT8, options.starts())) {
      List<String> train = List.of(VECTOR, "-XX:AOTCacheOutput=" + cache);
      firstAnswer(train, model, picture, WeightFormat.F32, 0);
    }
    List<String> plain = List.of(VECTOR);
    List<String> cached = List.of(VECTOR, "-XX:AOTCache=" + cache);
    for (int i = 1; i <= options.starts(); i++) {
      for (WeightFormat format : List.of(WeightFormat.F32, WeightFormat.INT8)) {
        String start = "start, " + format;
        start(start, i, () -> firstAnswer(plain, model, picture, format, 0));
        start(start + ", AOT", i, () -> firstAnswer(cached, model, picture, format, 0));
        start(
            "rested, " + format, i, () -> firstAnswer(plain, model, picture, format, REST_MILLIS));
      }
    }
  }

  private static List<String> firstAnswer(
      List<String> flags, Path model, Path picture, WeightFormat format, long rest)
      throws IOException, InterruptedException {
    return own(
        flags,
        FirstAnswer.class,
        model.toString(),
        picture.toString(),
        Long.toString(System.currentTimeMillis()),
        Integer.toString(CALLS),
        format.name(),
        Long.toString(rest));
  }

  private List<String> jpegToLabel() throws IOException, InterruptedException {
    return Subprocess.jvm(
            "JpegToLabel",
            List.of(VECTOR, "--enable-native-access=ALL-UNNAMED"),
            Subprocess.classPath(),
            JpegToLabel.class,
            "2",
            pictures == null ? "-" : pictures.toString())
        .run();
  }

  private void memory() throws IOException, InterruptedException {
    String model = model().toString();
    String picture = picture().toString();
    for (WeightFormat format : WeightFormat.values()) {
      for (boolean small : new boolean[] {false, true}) {
        List<String> flags = new ArrayList<>(List.of(VECTOR));
        if (small) {
          flags.addAll(Footprint.SMALL_HEAP);
        }
        times(
            "memory, " + format + (small ? ", small" : ", default"),
            () ->
                own(
                    flags,
                    Footprint.class,
                    model,
                    picture,
                    format.name(),
                    Boolean.toString(small)));
      }
    }
  }

  private Path model() throws IOException {
    Path file = folder.resolve("model.safetensors");
    if (!Files.exists(file)) {
      Material.model("resnet18", 4, Device.cpu()).save(file);
    }
    return file;
  }

  private Path picture() throws IOException {
    return Files.write(folder.resolve("picture.jpg"), Material.jpegs(pictures, 1).getFirst());
  }

  // ---------------------------------------------------------------- starts

  private void times(String kind, Run.Start<List<String>> start)
      throws IOException, InterruptedException {
    for (int i = 1; i <= options.starts(); i++) {
      start(kind, i, start);
    }
  }

  private void start(String kind, int number, Run.Start<List<String>> start)
      throws IOException, InterruptedException {
    run.start(kind, number, options.starts(), start);
  }

  private void once(String kind, Run.Start<List<String>> start)
      throws IOException, InterruptedException {
    run.start(kind, 1, 1, start);
  }

  /** Runs a program as an application would, and returns what it printed. */
  private static List<String> own(List<String> flags, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    return Subprocess.jvm(main.getSimpleName(), flags, OWN, main, arguments).run();
  }
}
