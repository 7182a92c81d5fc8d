package dev.thumbnet.bench.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.bench.embedding.EmbeddingOptions.Part;
import dev.thumbnet.bench.harness.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What options of {@code bench/bin/embedding} mean, and which it refuses. */
class EmbeddingOptionsTest {
  @Command(name = "embedding")
  private static final class Parsed implements Callable<Integer> {
    @Mixin private EmbeddingOptions options = new EmbeddingOptions();

    @Override
    public Integer call() {
      options.pictures();
      return 0;
    }
  }

  private static EmbeddingOptions parse(String... arguments) {
    Parsed parsed = new Parsed();
    assertThat(Console.of(parsed, arguments)).isEqualTo(new Console(0, "", ""));
    return parsed.options;
  }

  @Test
  void allPartsWithoutOptions() {
    EmbeddingOptions options = parse();
    assertThat(options.parts()).containsExactly(Part.values());
    assertThat(options.starts()).isEqualTo(5);
    assertThat(options.pictures()).isNull();
    assertThat(options.whole()).isTrue();
    assertThat(options.command()).isEqualTo("bench/bin/embedding --starts 5 --soak 10.0");
  }

  @Test
  void someParts(@TempDir Path folder) throws Exception {
    Files.write(folder.resolve("a.JPG"), new byte[] {1});
    String[] arguments = "--part soak --part JPEG --soak 0.5 --starts 1 --name x".split(" ");
    EmbeddingOptions options = parse(arguments);
    assertThat(options.parts()).containsExactly(Part.SOAK, Part.JPEG);
    assertThat(options.soak()).isEqualTo(0.5);
    assertThat(options.whole()).isFalse();
    assertThat(options.run().files())
        .hasToString("bench/results/x-embedding.json and bench/results/x-embedding.md");
    assertThat(options.command())
        .isEqualTo("bench/bin/embedding --starts 1 --soak 0.5 --part SOAK --part JPEG");

    options = parse("--pictures", folder.toString());
    assertThat(options.pictures()).isEqualTo(folder);
    assertThat(options.command()).endsWith(" --pictures DIR");
  }

  @Test
  void refusesNonsense(@TempDir Path folder) {
    Console.assertMistake(new Parsed(), "Unknown option: '--quick'", "--quick");
    Console.assertMistake(new Parsed(), "START, FORMATS", "--part", "lunch");
    for (String wrong : new String[] {"0", "-1", "NaN", "Infinity", "ten"}) {
      Console.assertMistake(new Parsed(), "above 0, not \"" + wrong + "\"", "--soak", wrong);
    }
    Console.assertMistake(new Parsed(), "no JPEG file", "--pictures", folder.toString());
    Console.assertMistake(new Parsed(), "no JPEG file", "--pictures", folder + "/none");
  }
}
