package dev.thumbnet.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.Classification;
import dev.thumbnet.ThumbClassifier;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.data.synthetic.SyntheticPictures;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.model.Architecture;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.Provenance;
import dev.thumbnet.pipeline.TrainedModel;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds and runs the examples as a user would, in processes of their own. */
final class ExamplesTest {
  private static final String VECTOR = "--add-modules=jdk.incubator.vector";
  private static final int SIZE = 64;
  private static final int TIMEOUT_SECONDS = 120;

  /** The two jars, or folders of classes, that a user has. */
  private static final String LIBRARIES =
      Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
          .filter(p -> p.matches(".*[/\\\\](engine|thumbnet)[/\\\\]target[/\\\\].*"))
          .collect(Collectors.joining(File.pathSeparator));

  @TempDir private static Path temp;

  private static Path model;
  private static Path picture;
  private static Classification expected;
  private static RgbImage thumbnail;

  @BeforeAll
  static void makeAModel() {
    assertThat(LIBRARIES.split(File.pathSeparator)).hasSize(2);
    Preprocessing shown = Preprocessing.unscaled(SIZE);
    SyntheticPictures pictures = SyntheticPictures.val(SIZE, 1, 5);
    model = temp.resolve("model.safetensors");
    picture = temp.resolve("picture.png");
    pictures.get(3).writePng(picture);
    try (Device device = Device.cpu(1)) {
      Rng rng = new Rng(3);
      Architecture narrow = Architecture.of("resnet18", pictures.classes().size()).withWidth(0.125);
      TrainedModel trained =
          new TrainedModel(
              device,
              Models.classifier(narrow, device, rng),
              Models.downscaler(
                  DownscalerKind.PLAIN, Reduction.FOUR_TO_ONE, shown.colors(), device, rng),
              pictures.classes(),
              shown,
              Provenance.on(device));
      trained.save(model);
      ThumbClassifier classifier = new ThumbClassifier(trained);
      expected = classifier.classify(pictures.get(3));
      thumbnail = classifier.thumbnail(pictures.get(3));
    }
  }

  // ---------------------------------------------------------------- processes

  private static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  private static String path(Object... parts) {
    return Stream.of(parts).map(String::valueOf).collect(Collectors.joining(File.pathSeparator));
  }

  /** Runs a command that must succeed, and returns what it printed. */
  private static String run(String... command) throws IOException, InterruptedException {
    Path log = Files.createTempFile(temp, "output", ".txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    String output = Files.readString(log);
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  private static Path compiled(String example, String... more)
      throws IOException, InterruptedException {
    Path classes = temp.resolve(example + "-classes");
    List<String> command = new ArrayList<>(List.of(tool("javac"), "-d", classes.toString()));
    command.addAll(List.of(more));
    try (Stream<Path> sources = Files.walk(Path.of(example))) {
      sources.filter(f -> f.toString().endsWith(".java")).map(Path::toString).forEach(command::add);
    }
    run(command.toArray(String[]::new));
    return classes;
  }

  // ---------------------------------------------------------------- programs

  @Test
  void classPath() throws Exception {
    String path = path(compiled("classpath", "-cp", LIBRARIES), LIBRARIES);
    String[] command = {
      tool("java"), VECTOR, "-cp", path, "Recognise", model.toString(), picture.toString()
    };
    assertThat(run(command)).contains(": " + expected.best().className() + ", ");
    String[] without = {
      tool("java"), "-cp", path, "Recognise", model.toString(), picture.toString()
    };
    assertThat(run(without))
        .contains(": " + expected.best().className() + ", ")
        .contains("--add-modules jdk.incubator.vector");
  }

  private static Path compiledModule() throws Exception {
    return compiled("modulepath", "-p", LIBRARIES);
  }

  @Test
  void modulePath() throws Exception {
    String output =
        run(
            tool("java"),
            "-p",
            path(compiledModule(), LIBRARIES),
            "-m",
            "example.recognise/example.recognise.Main",
            model.toString(),
            picture.toString());
    assertThat(output).contains("className=" + expected.best().className());
    assertThat(output).contains("vector kernels");
  }

  @Test
  void imageWithItsOwnJava() throws Exception {
    Path image = temp.resolve("image");
    run(
        tool("jlink"),
        "-p",
        path(compiledModule(), LIBRARIES),
        "--add-modules",
        "example.recognise",
        "--launcher",
        "recognise=example.recognise/example.recognise.Main",
        "--strip-debug",
        "--no-header-files",
        "--no-man-pages",
        "--output",
        image.toString());
    String output =
        run(image.resolve("bin/recognise").toString(), model.toString(), picture.toString());
    assertThat(output).contains("className=" + expected.best().className());
    assertThat(output).contains("vector kernels");
  }

  // ---------------------------------------------------------------- the service

  @Test
  void service() throws Exception {
    Path classes = compiled("service", "-cp", LIBRARIES);
    Process process =
        new ProcessBuilder(
                tool("java"),
                VECTOR,
                "-cp",
                path(classes, LIBRARIES),
                "ClassifierService",
                model.toString(),
                "0")
            .redirectError(temp.resolve("service.log").toFile())
            .start();
    try (BufferedReader out = process.inputReader();
        HttpClient client = HttpClient.newHttpClient()) {
      String line = out.readLine();
      assertThat(line).startsWith("listening on port ");
      URI root = URI.create("http://localhost:" + line.replaceAll("\\D", "") + "/");
      answers(client, root);
      manyAtOnce(client, root);
      process.destroy();
      assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static HttpRequest post(URI uri, byte[] body) {
    return HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
  }

  private static void answers(HttpClient client, URI root) throws Exception {
    byte[] file = Files.readAllBytes(picture);
    HttpResponse<String> found =
        client.send(post(root.resolve("classify"), file), BodyHandlers.ofString());
    assertThat(found.statusCode()).isEqualTo(200);
    assertThat(found.body()).startsWith("[{\"class\": \"" + expected.best().className() + "\"");
    HttpResponse<byte[]> small =
        client.send(post(root.resolve("thumbnail"), file), BodyHandlers.ofByteArray());
    assertThat(new ImageDecoder().decode(small.body(), "answer")).isEqualTo(thumbnail);

    HttpResponse<String> junk =
        client.send(post(root.resolve("classify"), new byte[] {1, 2}), BodyHandlers.ofString());
    assertThat(junk.statusCode()).isEqualTo(422);
    assertThat(junk.body()).contains("not a picture");
    HttpResponse<String> wrong = get(client, root.resolve("classify"));
    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(get(client, root.resolve("health")).body()).isEqualTo("ok\n");
  }

  private static HttpResponse<String> get(HttpClient client, URI uri) throws Exception {
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static void manyAtOnce(HttpClient client, URI root) throws Exception {
    byte[] file = Files.readAllBytes(picture);
    List<CompletableFuture<HttpResponse<String>>> requests = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      requests.add(client.sendAsync(post(root.resolve("classify"), file), BodyHandlers.ofString()));
    }
    int refused = 0;
    for (CompletableFuture<HttpResponse<String>> request : requests) {
      HttpResponse<String> response = request.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (response.statusCode() == 503) {
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        refused++;
      } else {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"" + expected.best().className() + "\"");
      }
    }
    String metrics = get(client, root.resolve("metrics")).body();
    // The client has an answer before the service has noted that it is done.
    for (int i = 0; i < 100 && !metrics.contains("pictures_in_service 0"); i++) {
      Thread.sleep(50);
      metrics = get(client, root.resolve("metrics")).body();
    }
    assertThat(metrics)
        .contains("pictures_answered_total " + (302 - refused))
        .contains("pictures_refused_total " + refused)
        .contains("pictures_unusable_total 1")
        .contains("pictures_in_service 0");
  }
}
