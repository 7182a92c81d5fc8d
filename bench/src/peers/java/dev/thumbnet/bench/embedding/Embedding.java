package dev.thumbnet.bench.embedding;

import ai.onnxruntime.OrtEnvironment;
import dev.thumbnet.bench.peers.Host;
import dev.thumbnet.bench.peers.ResultFiles;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.WeightFormat;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the parts in new JVMs, one after the other, and makes tables of what they print. */
@Command(
    name = "embedding",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Measures what an application that embeds a classifier gets. Let nothing else run"
            + " meanwhile.")
final class Embedding implements Callable<Integer> {
  private static final String VECTOR = "--add-modules=jdk.incubator.vector";
  private static final int CALLS = 40;

  /** How long a classifier rests before its first picture, in another run. */
  private static final long REST_MILLIS = 3000;

  /** Gives back what loading has taken, and keeps little for what will be garbage soon. */
  static final List<String> SMALL_HEAP =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms32m",
          "-Xmn16m",
          "-XX:MinHeapFreeRatio=5",
          "-XX:MaxHeapFreeRatio=10",
          "-XX:-ShrinkHeapInSteps",
          "-XX:TrimNativeHeapInterval=1000");

  /** This program's class path, and what of it is no native framework: what applications have. */
  private static final String ALL = System.getProperty("java.class.path");

  private static final String OWN =
      Stream.of(ALL.split(File.pathSeparator))
          .filter(entry -> Path.of(entry).getFileName().toString().startsWith("thumbnet"))
          .collect(Collectors.joining(File.pathSeparator));

  /** The parts, in the order of the tables. */
  enum Part {
    START,
    FORMATS,
    JPEG,
    MEMORY,
    AGREEMENT,
    SOAK
  }

  @Option(
      names = "--starts",
      defaultValue = "5",
      description = "JVM starts of each part but the last two; tables show medians (default: 5)")
  private int starts;

  @Option(
      names = "--soak",
      paramLabel = "MINUTES",
      defaultValue = "10",
      description = "how long the endurance run takes (default: 10)")
  private double soak;

  @Option(
      names = "--pictures",
      paramLabel = "DIR",
      description = "JPEG files to decode (default: made-up ones of 432x432 pixels)")
  private Path pictures;

  @Option(
      names = "--part",
      paramLabel = "PART",
      description = "${COMPLETION-CANDIDATES}; may be repeated (default: all)")
  private List<Part> parts;

  @Mixin private ResultFiles files = new ResultFiles("-embedding", "EMBEDDING.md");

  private final Map<String, List<List<String>>> printed = new LinkedHashMap<>();
  private final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  /**
   * All that was measured.
   *
   * @param printed for each part and variant the lines of each start
   */
  record Results(
      String date,
      String command,
      String machine,
      String java,
      String peer,
      Map<String, List<List<String>>> printed) {}

  /** Runs the command line. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Embedding()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("embedding");
    try {
      for (Part part : parts == null ? List.of(Part.values()) : parts) {
        System.err.println("measuring " + part);
        switch (part) {
          case START -> firstAnswers(folder);
          case FORMATS -> {
            for (String batch : List.of("1", "16")) {
              times("formats " + batch, List.of(VECTOR), WeightFormats.class, "2", batch);
            }
          }
          case JPEG ->
              times(
                  "jpeg",
                  List.of(VECTOR, "--enable-native-access=ALL-UNNAMED"),
                  JpegToLabel.class,
                  "2",
                  pictures == null ? "-" : pictures.toString());
          case MEMORY -> memory(folder);
          case AGREEMENT -> {
            once("agreement", List.of(VECTOR), Agreement.class);
            once(
                "agreement without Winograd",
                List.of(VECTOR, "-Ddev.thumbnet.engine.winograd=false"),
                Agreement.class);
          }
          case SOAK -> once("soak", List.of(VECTOR), Soak.class, Double.toString(soak));
        }
        write();
      }
    } finally {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
    if (parts == null) {
      files.publish();
    }
    return 0;
  }

  // ---------------------------------------------------------------- parts

  private void firstAnswers(Path folder) throws Exception {
    Path model = model(folder);
    Path picture = picture(folder);
    Path cache = folder.resolve("cache.aot");
    List<String> train = List.of(VECTOR, "-XX:AOTCacheOutput=" + cache);
    run(train, FirstAnswer.class, arguments(model, picture, WeightFormat.F32, 0));
    for (int i = 0; i < starts; i++) {
      for (WeightFormat format : List.of(WeightFormat.F32, WeightFormat.INT8)) {
        String name = "start, " + format;
        String[] arguments = arguments(model, picture, format, 0);
        add(name, run(List.of(VECTOR), FirstAnswer.class, arguments));
        List<String> cached = List.of(VECTOR, "-XX:AOTCache=" + cache);
        add(name + ", AOT", run(cached, FirstAnswer.class, arguments));
        String[] rested = arguments(model, picture, format, REST_MILLIS);
        add("rested, " + format, run(List.of(VECTOR), FirstAnswer.class, rested));
      }
    }
  }

  private static String[] arguments(Path model, Path picture, WeightFormat format, long rest) {
    return new String[] {
      model.toString(),
      picture.toString(),
      null,
      Integer.toString(CALLS),
      format.name(),
      Long.toString(rest)
    };
  }

  private void memory(Path folder) throws Exception {
    Path model = model(folder);
    Path picture = picture(folder);
    for (WeightFormat format : WeightFormat.values()) {
      for (boolean small : new boolean[] {false, true}) {
        List<String> flags = new ArrayList<>(List.of(VECTOR));
        if (small) {
          flags.addAll(SMALL_HEAP);
        }
        times(
            "memory, " + format + (small ? ", small" : ", default"),
            flags,
            Footprint.class,
            model.toString(),
            picture.toString(),
            format.name(),
            Boolean.toString(small));
      }
    }
  }

  private static Path model(Path folder) {
    Path file = folder.resolve("model.safetensors");
    if (!Files.exists(file)) {
      Material.model("resnet18", 4, Device.cpu()).save(file);
    }
    return file;
  }

  private Path picture(Path folder) throws IOException {
    return Files.write(folder.resolve("picture.jpg"), Material.jpegs(pictures, 1).getFirst());
  }

  // ---------------------------------------------------------------- running

  private void times(String name, List<String> flags, Class<?> main, String... args)
      throws Exception {
    for (int i = 0; i < starts; i++) {
      add(name, run(flags, main, args));
    }
  }

  private void once(String name, List<String> flags, Class<?> main, String... args)
      throws Exception {
    add(name, run(flags, main, args));
  }

  private void add(String name, List<String> lines) {
    printed.computeIfAbsent(name, _ -> new ArrayList<>()).add(lines);
  }

  /** Runs a program and returns what it printed; an argument that is null becomes the time. */
  private List<String> run(List<String> flags, Class<?> main, String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(java);
    command.addAll(flags);
    command.addAll(List.of("-cp", main == JpegToLabel.class ? ALL : OWN, main.getName()));
    int time = command.size();
    command.addAll(Stream.of(args).map(arg -> arg == null ? "" : arg).toList());
    for (int i = 0; i < args.length; i++) {
      if (args[i] == null) {
        command.set(time + i, Long.toString(System.currentTimeMillis()));
      }
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> lines = process.inputReader().readAllLines();
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IOException(main.getSimpleName() + " ended with exit code " + exit + ", see above");
    }
    return lines;
  }

  // ---------------------------------------------------------------- writing

  private void write() throws IOException {
    Results results =
        new Results(
            Instant.now().truncatedTo(ChronoUnit.MINUTES).toString(),
            command(),
            Host.describe(),
            Host.java(),
            "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion(),
            printed);
    files.write(results, EmbeddingTables.of(results));
  }

  private String command() {
    StringBuilder command = new StringBuilder("bench/bin/embedding --starts ").append(starts);
    command.append(" --soak ").append(soak);
    if (pictures != null) {
      command.append(" --pictures DIR");
    }
    if (parts != null) {
      parts.forEach(part -> command.append(" --part ").append(part));
    }
    return command.toString();
  }
}
