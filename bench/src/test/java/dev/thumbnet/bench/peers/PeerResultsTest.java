package dev.thumbnet.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.bench.harness.ResultFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Raw figures keep their layout, those that are checked in too, and become tables. */
class PeerResultsTest {
  private static final String JSON =
      """
      {
        "date" : "2026-01-02T03:04:00Z",
        "command" : "bench/bin/compare --starts 2 --threads 2",
        "machine" : "a machine",
        "java" : "a JVM",
        "flags" : [ "-Da", "-Db" ],
        "versions" : {
          "OpenBLAS" : "OpenBLAS 7"
        },
        "starts" : [ {
          "threads" : 2,
          "limits" : {
            "gigaMacs" : 100.0,
            "gigaBytes" : 20.0
          },
          "engine" : "cpu: 16 lanes",
          "timings" : [ %s, %s, %s, %s ]
        }, {
          "threads" : 2,
          "limits" : {
            "gigaMacs" : 300.0,
            "gigaBytes" : 40.0
          },
          "engine" : "cpu: 16 lanes",
          "timings" : [ %s, %s, %s, %s ]
        } ]
      }\
      """
          .formatted(
              timing("product 2048", "engine", 10, 0, 4000),
              timing("product 2048", "OpenBLAS", 20, 1e-6, 4000),
              timing("thumbnails resnet18 224 b1", "T", 40, 0, 3000),
              timing("thumbnails resnet18 224 b1", "E + S 4:1", 8, 0, 1000),
              timing("product 2048", "engine", 12, 0, 4000),
              timing("product 2048", "OpenBLAS", 12, 2e-6, 4000),
              timing("thumbnails resnet18 224 b1", "T", 20, 0, 3000),
              timing("thumbnails resnet18 224 b1", "E + S 4:1", 10, 0, 1000));

  @TempDir private Path folder;

  private static String timing(
      String workload, String contender, double milliseconds, double difference, int megaMacs) {
    return """
    {
      "workload" : "%s",
      "contender" : "%s",
      "milliseconds" : %s,
      "worst" : 99.0,
      "difference" : %s,
      "cost" : {
        "macs" : %s000000,
        "bytes" : 60000000
      },
      "memory" : 123000000
    }\
    """
        .formatted(workload, contender, milliseconds, difference, megaMacs)
        .indent(4)
        .strip();
  }

  private PeerResults read(String json) throws Exception {
    return ResultFiles.read(Files.writeString(folder.resolve("r.json"), json), PeerResults.class);
  }

  @Test
  void tables() throws Exception {
    String page = read(JSON).tables();
    assertThat(page)
        .startsWith("# Against native frameworks\n\n2026-01-02T03:04:00Z, a machine. Made by\n")
        .contains(
            """
            - Java: a JVM, -Da -Db
            - AVX-512: 16 lanes, 32 vector registers
            - Engine: cpu: 16 lanes
            - OpenBLAS 7
            """)
        .endsWith(
            """

            ## Threads: 2; starts: 2

            Measured limits: 200.0 GMAC/s (multiply-adds in registers), 30.0 GB/s (copying in memory).

            | case | engine | peers | ratio | floors | difference |
            |---|---|---|---|---|---|
            | product 2048 | 11.0 (12.0) | OpenBLAS 16.0 (20.0) | **1.50** | 20.0 / 2.00 | 2e-06 |

            The paper's claim, downscaler included; memory is weights and intermediate results:

            | case | what runs | time | T's time over it | T's multiply-adds over its | claim | memory | floors |
            |---|---|---|---|---|---|---|---|
            | thumbnails resnet18 224 b1 | T | 30.0 (40.0) | **1.00** | 1.00 | – | 123 MB | 15.0 / 2.00 |
            | thumbnails resnet18 224 b1 | E + S 4:1 | 9.00 (10.0) | **3.50** | 3.00 | holds: 3.5 | 123 MB | 5.00 / 2.00 |
            """);
  }

  @Test
  void startsAreCountedByThreads() throws Exception {
    PeerResults results = read(JSON);
    assertThat(results.starts("2 threads")).isEqualTo(2);
    assertThat(results.starts("1 thread")).isZero();
    PeerResults.OneStart start = results.starts().getFirst();
    results.add("1 thread", new PeerResults.OneStart(1, start.limits(), "cpu", start.timings()));
    assertThat(results.starts(PeerResults.kind(1))).isEqualTo(1);
    assertThat(results.starts(PeerResults.kind(2))).isEqualTo(2);
  }

  @Test
  void whatIsCheckedInStaysReadable() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(Path.of("results"))) {
      files = all.filter(file -> file.toString().endsWith(".json")).toList();
    }
    // None of this program's own is left out for its name.
    assertThat(files)
        .allMatch(file -> PeerPage.isOurs(file) || file.toString().matches(".*-[a-z]+\\.json"));
    files = files.stream().filter(PeerPage::isOurs).toList();
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      PeerResults results = ResultFiles.read(file, PeerResults.class);
      Path copy = folder.resolve("copy.json");
      ResultFiles.write(copy, results);
      assertThat(copy).as(file.toString()).hasSameBinaryContentAs(file);
      assertThat(results.tables()).contains("| product 2048 | ");
      assertThat(file.toString()).endsWith(results.isa().suffix() + ".json");
    }
  }
}
