package dev.thumbnet.bench.peers;

import static dev.thumbnet.bench.harness.Markdown.format;
import static dev.thumbnet.bench.harness.Markdown.number;

import dev.thumbnet.bench.harness.Markdown;
import dev.thumbnet.bench.harness.Markdown.Column;
import dev.thumbnet.bench.harness.ResultFiles;
import dev.thumbnet.bench.harness.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The page with the newest results of each kind of processor, side by side and then one by one. For
 * each kind and number of threads it takes the newest of the runs that measured all cases. What
 * counts is the width of vectors and also who made the processor: with vectors of 512 bits some
 * have twice as many units for multiply-adds as others.
 */
final class PeerPage {
  /** The share: 1.81 and 15.5 GMAC over two units of 8 lanes at 4.5 GHz and the times. */
  private static final String NOT_MEASURED =
      """
      OpenVINO, ncnn, MNN and the code that PyTorch's inductor makes are no Maven artefacts and are
      not part of the comparison. ncnn [publishes times][ncnn]: one thread of a Threadripper 3970X (Zen 2, AVX2, up to
      4.5 GHz, so 72 GMAC/s) took 61.1 ms for ResNet-18 and 217 ms for VGG-16, shares of 0.41 and 0.99,
      with an early version. For OpenVINO and inductor no figure with a known clock was found.

      [ncnn]: https://github.com/Tencent/ncnn/blob/08c2dacbbff85d9eb592d4b9b4e5b9359091924f/benchmark/README.md
      """;

  private final Markdown page = new Markdown(PeerTables.TITLE);
  private final SortedMap<Kind, SortedMap<Integer, PeerResults>> newest = new TreeMap<>();

  /** A kind of processor. */
  private record Kind(Isa isa, String processor) implements Comparable<Kind> {
    static Kind of(PeerResults run) {
      return new Kind(run.isa(), run.processor());
    }

    String title() {
      return isa.title() + " (" + processor + ")";
    }

    @Override
    public int compareTo(Kind other) {
      return Comparator.comparing(Kind::isa).thenComparing(Kind::processor).compare(this, other);
    }
  }

  private PeerPage() {}

  /** Returns the page of some runs. */
  static String of(List<PeerResults> runs) {
    PeerPage made = new PeerPage();
    runs.stream()
        .filter(PeerResults::isWhole)
        .sorted(Comparator.comparing(Results::date))
        .forEach(made::take);
    made.write();
    return made.page.toString();
  }

  /** Reads the runs in a folder. */
  static List<PeerResults> read(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(PeerPage::isOurs).sorted().toList();
    }
    List<PeerResults> runs = new ArrayList<>();
    for (Path file : files) {
      runs.add(ResultFiles.read(file, PeerResults.class));
    }
    return runs;
  }

  static boolean isOurs(Path file) {
    return Arrays.stream(Isa.values())
        .anyMatch(isa -> file.toString().endsWith(isa.suffix() + ".json"));
  }

  private void take(PeerResults run) {
    for (int threads : run.threads()) {
      newest.computeIfAbsent(Kind.of(run), _ -> new TreeMap<>()).put(threads, run);
    }
  }

  private void write() {
    page.text(
        """
        The newest complete run of `bench/bin/compare` for each kind of processor and number of
        threads: first side by side, then one by one.

        """);
    page.text(PeerTables.READING);
    for (Isa isa : Isa.values()) {
      if (newest.keySet().stream().noneMatch(kind -> kind.isa == isa)) {
        page.line("");
        page.line("There is no run with %s yet.", isa.title());
      }
    }
    sideBySide();
    newest.forEach((kind, runs) -> runs.forEach((threads, run) -> section(kind, threads, run)));
    page.heading("Not measured");
    page.text(NOT_MEASURED);
  }

  // ---------------------------------------------------------------- side by side

  /** A case with so many threads. */
  private record Row(int threads, String name) {}

  private void sideBySide() {
    page.heading("Side by side");
    page.text(
        """
        The engine's time, its ratio to the fastest peer, and its share of the limit: the
        multiply-adds of the case over those that registers alone would have done meanwhile, which
        Winograd's algorithms may bring above 1. Each kind has its own machine, so only ratios and
        shares can be compared across.

        """);
    List<Column<Row>> columns = new ArrayList<>();
    columns.add(new Column<>("case", Row::name));
    columns.add(new Column<>("threads", row -> Integer.toString(row.threads)));
    for (Kind kind : newest.keySet()) {
      columns.add(new Column<>(kind.title() + ", ms", row -> time(kind, row)));
      if (kind.isa != Isa.AVX2_BY_OPTION) {
        columns.add(new Column<>("ratio", row -> ratio(kind, row)));
      }
      columns.add(new Column<>("share", row -> share(kind, row)));
    }
    page.table(rows(), columns);
  }

  /** Returns all cases in the order of their first appearance, for each number of threads. */
  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    newest.values().stream()
        .flatMap(runs -> runs.keySet().stream())
        .collect(Collectors.toCollection(TreeSet::new))
        .forEach(threads -> rows.addAll(rows(threads)));
    return rows;
  }

  private List<Row> rows(int threads) {
    return newest.values().stream()
        .filter(runs -> runs.containsKey(threads))
        .flatMap(runs -> runs.get(threads).figures(threads).compared().stream())
        .distinct()
        .map(name -> new Row(threads, name))
        .toList();
  }

  private String time(Kind kind, Row row) {
    return cell(kind, row, f -> number(f.time(row.name, Figures.ENGINE).median()));
  }

  private String ratio(Kind kind, Row row) {
    return cell(kind, row, f -> new PeerTables(page, f).ratio(row.name, Figures.ENGINE));
  }

  private String share(Kind kind, Row row) {
    return cell(kind, row, f -> format("%.2f", f.share(row.name, Figures.ENGINE)));
  }

  private String cell(Kind kind, Row row, Function<Figures, String> text) {
    PeerResults run = newest.getOrDefault(kind, new TreeMap<>()).get(row.threads);
    if (run == null || !run.figures(row.threads).compared().contains(row.name)) {
      return "–";
    }
    return text.apply(run.figures(row.threads));
  }

  // ---------------------------------------------------------------- one by one

  private void section(Kind kind, int threads, PeerResults run) {
    Figures figures = run.figures(threads);
    page.heading("%s; threads: %d; starts: %d", kind.title(), threads, figures.starts().size());
    page.origin(run, "");
    PeerTables.about(page, run);
    page.line("");
    if (kind.isa == Isa.AVX2_BY_OPTION) {
      page.text(
          """
          Native frameworks do not heed the option, so the engine stands alone, and what counts is its
          share of what this JVM's own multiply-adds reach in registers.

          """);
    }
    new PeerTables(page, figures).all();
  }
}
