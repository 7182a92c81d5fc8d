package dev.thumbnet.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thumbnet.bench.peers.PeerResults.OneStart;
import dev.thumbnet.bench.peers.PeerResults.Timing;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The newest whole runs of each kind of processor stand side by side, with footnotes. */
class PeerPageTest {
  private static final String LANES_16 = "cpu: vector kernels, 16 lanes, 1 thread";
  private static final String LANES_8 = "cpu: vector kernels, 8 lanes, 1 thread";

  private static Timing timing(String name, String who, Double milliseconds, Double difference) {
    return new Timing(
        name, who, milliseconds, milliseconds, difference, new Workload.Floor(2_000_000, 1000), 0);
  }

  private static OneStart start(int threads, String engine, Timing... timings) {
    return new OneStart(threads, new Limits(1, 1), engine, List.of(timings));
  }

  private static PeerResults run(String date, String options, String flag, OneStart... starts) {
    return on("Some(R) Processor, 2 cores", date, options, flag, starts);
  }

  private static PeerResults on(
      String machine, String date, String options, String flag, OneStart... starts) {
    return new PeerResults(
        date,
        "bench/bin/compare" + options,
        machine,
        "a JVM",
        List.of(flag),
        Map.of(),
        List.of(starts));
  }

  private static PeerResults product(String date, String options, String engine, double time) {
    return run(
        date,
        options,
        "-Da",
        start(
            1,
            engine,
            timing("product 8", "engine", time, 0.0),
            timing("product 8", "OpenBLAS", 6.0, 1e-6)));
  }

  private static List<String> rows(String page) {
    return page.lines().filter(line -> line.startsWith("| ")).toList();
  }

  @Test
  void newestWholeRunOfEachKind() {
    String page =
        PeerPage.of(
            List.of(
                product("2026-03-01", "", LANES_16, 2),
                product("2026-02-01", "", LANES_16, 3),
                product("2026-04-01", " --quick", LANES_16, 5),
                product("2026-04-01", " --case 'product 8'", LANES_16, 5),
                product("2026-01-01", "", LANES_8, 4),
                run(
                    "2026-05-01",
                    " --avx2",
                    Isa.OPTION,
                    start(1, LANES_8, timing("product 8", "engine", 8.0, 0.0)))));
    assertThat(rows(page))
        .containsExactly(
            "| case | threads | AVX-512 (Some Processor), ms | ratio | share"
                + " | AVX2 (Some Processor), ms | ratio | share"
                + " | AVX2 by -XX:UseAVX=2 (Some Processor), ms | share |",
            "| product 8 | 1 | 2.00 | **3.00** | 1.00 | 4.00 | **1.50** | 0.50 | 8.00 | 0.25 |",
            "| case | engine | peers | ratio | floors | difference |",
            "| product 8 | 2.00 (2.00) | OpenBLAS 6.00 (6.00) | **3.00** | 2.00 / 0.00 | 1e-06 |",
            "| case | engine | peers | ratio | floors | difference |",
            "| product 8 | 4.00 (4.00) | OpenBLAS 6.00 (6.00) | **1.50** | 2.00 / 0.00 | 1e-06 |",
            "| case | engine | of the limit | floors |",
            "| product 8 | 8.00 (8.00) | 0.25 | 2.00 / 0.00 |");
    assertThat(page)
        .contains(
            "## AVX-512 (Some Processor); threads: 1; starts: 1\n\n"
                + "2026-03-01, Some(R) Processor, 2 cores.")
        .contains("- AVX2: 8 lanes, 16 vector registers\n")
        .contains("## AVX2 by -XX:UseAVX=2 (Some Processor); threads: 1; starts: 1\n")
        .doesNotContain("There is no run", "2026-02-01", "2026-04-01");
  }

  @Test
  void saysWhichKindIsMissingAndTakesEachNumberOfThreadsFromItsNewestRun() {
    PeerResults two =
        run("2026-01-01", "", "-Da", start(2, LANES_16, timing("product 8", "engine", 1.0, 0.0)));
    String page = PeerPage.of(List.of(two, product("2026-02-01", "", LANES_16, 2)));
    assertThat(page)
        .contains("\nThere is no run with AVX2 yet.\n")
        .contains("\nThere is no run with AVX2 by -XX:UseAVX=2 yet.\n")
        .contains("threads: 1; starts: 1\n\n2026-02-01", "threads: 2; starts: 1\n\n2026-01-01");
    assertThat(rows(page))
        .startsWith(
            "| case | threads | AVX-512 (Some Processor), ms | ratio | share |",
            "| product 8 | 1 | 2.00 | **3.00** | 1.00 |",
            "| product 8 | 2 | 1.00 | – | 2.00 |");
  }

  @Test
  void processorsOfTwoMakersStandSideBySideThoughTheirVectorsAreAsWide() {
    OneStart start = start(1, LANES_16, timing("product 8", "engine", 4.0, 0.0));
    String page =
        PeerPage.of(
            List.of(
                product("2026-01-01", "", LANES_16, 2),
                on("Another Processor, 8 cores", "2026-02-01", "", "-Da", start)));
    assertThat(rows(page))
        .startsWith(
            "| case | threads | AVX-512 (Another Processor), ms | ratio | share"
                + " | AVX-512 (Some Processor), ms | ratio | share |",
            "| product 8 | 1 | 4.00 | – | 0.50 | 2.00 | **3.00** | 1.00 |");
  }

  @Test
  void whoDiffersInAnyStartIsLeftOutOfTheRowWithAFootnote() {
    String name = "forward resnet18 56 b1";
    PeerResults run =
        run(
            "2026-01-01",
            "",
            "-Da",
            start(
                1,
                LANES_16,
                timing(name, "engine", 4.0, 0.0),
                timing(name, "PyTorch", 1.0, 1e-6),
                timing(name, "OpenCV", 8.0, 1e-5)),
            start(
                1,
                LANES_16,
                timing(name, "engine", 4.0, 0.0),
                timing(name, "PyTorch", null, 0.097),
                timing(name, "OpenCV", 8.0, 1e-5)));
    assertThat(run.tables())
        .contains("| PyTorch left out (*)<br>OpenCV 8.00 (8.00) | **2.00** | 2.00 / 0.00 | 1e-05 |")
        .contains(
            "\n\n(*) PyTorch is left out of "
                + name
                + ": its results differ by 0.097 of the largest element.\n");
  }

  @Test
  void withoutAnyPeerLeftThereIsNoRatio() {
    PeerResults run =
        run(
            "2026-01-01",
            "",
            "-Da",
            start(
                1,
                LANES_16,
                timing("product 8", "engine", 4.0, 0.0),
                timing("product 8", "OpenBLAS", null, null)));
    assertThat(run.tables())
        .contains("| product 8 | 4.00 (4.00) | OpenBLAS left out (*) | – | ")
        .contains("its results differ by NaN of the largest element.");
  }

  @Test
  void kindsAreToldByLanesAndOption() {
    assertThat(Isa.of(List.of("-Da"), LANES_16)).isEqualTo(Isa.AVX_512);
    assertThat(Isa.of(List.of("-Da"), LANES_8)).isEqualTo(Isa.AVX2);
    assertThat(Isa.of(List.of("-Da", Isa.OPTION), LANES_8)).isEqualTo(Isa.AVX2_BY_OPTION);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Isa.of(List.of(), "cpu: scalar kernels, 1 lane, 1 thread"));
  }

  @Test
  void thePageIsThatOfTheFiles() throws Exception {
    assertThat(Path.of("RESULTS.md")).hasContent(PeerPage.of(PeerPage.read(Path.of("results"))));
  }
}
