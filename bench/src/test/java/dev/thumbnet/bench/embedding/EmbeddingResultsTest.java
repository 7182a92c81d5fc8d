package dev.thumbnet.bench.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.bench.harness.ResultFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Raw lines keep their layout, those that are checked in too, and become tables. */
class EmbeddingResultsTest {
  private static final String JSON =
      """
      {
        "date" : "2026-01-02T03:04:00Z",
        "command" : "bench/bin/embedding --starts 2",
        "machine" : "a machine",
        "java" : "a JVM",
        "peer" : "ONNX Runtime 7",
        "printed" : {
          "formats 1" : [ [ "T, f32\\t10.0\\t102.0", "E\\t2.0\\t51.4" ], [ "T, f32\\t30.0\\t102.0", "E\\t10.0\\t51.4" ] ],
          "jpeg" : [ [ "engine, batch 1\\t200.0\\t2\\t1\\t0.5\\t4", "ONNX Runtime, batch 1\\t100.0\\t2\\t1\\t0.5\\t8" ] ],
          "memory, F32, small" : [ [ "40 50 170 240" ], [ "42 50 150 230" ] ],
          "soak" : [ [ "threads\\t64" ] ]
        }
      }
      """;

  @TempDir private Path folder;

  private EmbeddingResults read() throws Exception {
    Path file = Files.writeString(folder.resolve("r.json"), JSON);
    return ResultFiles.read(file, EmbeddingResults.class);
  }

  @Test
  void tables() throws Exception {
    assertThat(read().tables())
        .startsWith(
            """
            # The embedded classifier

            2026-01-02T03:04:00Z, a machine, 2 threads. Made by

            ```sh
            bench/bin/embedding --starts 2
            ```

            Java: a JVM. Peer: ONNX Runtime 7.
            """)
        .contains(
            """

            ## Formats of weights, batch 1

            | what runs | time, ms | T's time over it | weights and results, MB |
            |---|---|---|---|
            | T, f32 | 20.0 | **1.00** | 102 |
            | E | 6.00 | **4.00** | 51.4 |
            """)
        .contains(
            """
            | network | pictures/s | ratio | decode | resize | normalise | network |
            |---|---|---|---|---|---|---|
            | engine, batch 1 | 200 | **2.00** | 2.00 | 1.00 | 0.50 | 4.00 |
            | ONNX Runtime, batch 1 | 100 | **1.00** | 2.00 | 1.00 | 0.50 | 8.00 |
            """)
        .contains("| F32, small | 41.0 | 50.0 | 160 | 110 | 235 |\n")
        .endsWith("| what | value |\n|---|---|\n| threads | 64 |\n")
        .doesNotContain("## From the start", "three seconds", "## Plans and modules");
  }

  @Test
  void startsAreCountedByWhatTheyMeasure() throws Exception {
    EmbeddingResults results = read();
    assertThat(results.starts("jpeg")).isEqualTo(1);
    assertThat(results.starts("agreement")).isZero();
    results.add("jpeg", List.of("a\t1"));
    results.add("agreement", List.of("b"));
    assertThat(results.starts("jpeg")).isEqualTo(2);
    assertThat(results.starts("agreement")).isEqualTo(1);
  }

  @Test
  void whatIsCheckedInStaysReadable() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(Path.of("results"))) {
      files = all.filter(file -> file.toString().endsWith("-embedding.json")).toList();
    }
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      EmbeddingResults results = ResultFiles.read(file, EmbeddingResults.class);
      Path copy = folder.resolve("copy.json");
      ResultFiles.write(copy, results);
      assertThat(copy).as(file.toString()).hasSameBinaryContentAs(file);
      assertThat(results.tables()).contains("| F32, AOT | ", "| resnet18 | 224 | ");
    }
  }
}
