package dev.thumbnet.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.bench.harness.ResultFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Raw figures keep their digits and become tables. */
class GpuResultsTest {
  private static final String JSON =
      """
      {
        "date" : "2026-01-02T03:04:00Z",
        "command" : "bench/bin/compare-gpu --rounds 2",
        "machine" : "a machine",
        "java" : "a JVM",
        "card" : "a card",
        "versions" : {
          "Engine" : "Java 25",
          "PyTorch" : "PyTorch 7"
        },
        "rounds" : [ {
          "case" : "infer resnet18 224 b32 tf32",
          "engine" : {
            "parameters" : 11689512,
            "step" : 2.00000,
            "alone" : 4.00000,
            "host" : 1.00000
          },
          "pytorch" : {
            "parameters" : 11689512,
            "step" : 6.00000,
            "alone" : 8.00000,
            "host" : 6.00000,
            "graph step" : 3.00000
          }
        }, {
          "case" : "infer resnet18 224 b32 tf32",
          "engine" : {
            "parameters" : 11689512,
            "step" : 4.00000,
            "alone" : 4.00000,
            "host" : 1.00000
          },
          "pytorch" : {
            "parameters" : 11689512,
            "step" : 8.00000,
            "alone" : 8.00000,
            "host" : 6.00000,
            "graph step" : 3.00000
          }
        }, {
          "case" : "layers resnet18 224 b128 tf32",
          "engine" : {
            "n128 h56 forward" : 0.10000,
            "parameters" : 11689512
          },
          "pytorch" : {
            "parameters" : 11689512,
            "n128 h56 forward" : 0.30000
          }
        } ],
        "failures" : [ "train resnet50 224 b128 tf32: no memory" ]
      }\
      """;

  @TempDir private Path folder;

  private GpuResults read() throws Exception {
    return ResultFiles.read(Files.writeString(folder.resolve("r.json"), JSON), GpuResults.class);
  }

  @Test
  void tables() throws Exception {
    assertThat(read().tables())
        .contains("- Card: a card\n- Engine: Java 25\n- PyTorch: PyTorch 7\n")
        .endsWith(
            """
            | case | engine | PyTorch | ratio | alone: engine | PyTorch | ratio | host: engine | PyTorch |
            |---|---|---|---|---|---|---|---|---|
            | infer resnet18 224 b32 tf32 | 3.000 | 7.000 / 3.000 | **2.50** / **1.13** | 4.000 | 8.000 | **2.00** | 25 % | 75 % |

            ## layers resnet18 224 b128 tf32

            Each shape of a convolution and of a normalisation with ReLU once, milliseconds in
            blocks.

            | layer | engine | PyTorch | ratio |
            |---|---|---|---|
            | n128 h56 forward | 0.100 | 0.300 | **3.00** |

            Not measured: train resnet50 224 b128 tf32: no memory

            Each round, steps in blocks, engine / PyTorch / PyTorch's graph where there is one:

            - infer resnet18 224 b32 tf32: 2.00000 / 6.00000 / 3.00000; 4.00000 / 8.00000 / 3.00000
            """);
  }

  @Test
  void layoutAndDigitsStay() throws Exception {
    GpuResults results = read();
    Path copy = folder.resolve("copy.json");
    ResultFiles.write(copy, results);
    assertThat(copy).hasContent(JSON);
    assertThat(results.starts("infer resnet18 224 b32 tf32")).isEqualTo(2);
    assertThat(results.starts("infer resnet18 224 b1 tf32")).isZero();
  }
}
