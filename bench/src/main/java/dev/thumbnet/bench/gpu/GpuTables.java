package dev.thumbnet.bench.gpu;

import dev.thumbnet.bench.gpu.GpuResults.Round;
import dev.thumbnet.bench.harness.Markdown;
import dev.thumbnet.bench.harness.Markdown.Column;
import dev.thumbnet.bench.harness.Scatter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** Writes what was measured on a GPU as Markdown; figures are medians over the rounds. */
final class GpuTables {
  /** Before the keys of what PyTorch measured as a graph. */
  private static final String GRAPH = "graph ";

  private static final String NONE = "–";

  private static final String EXPLANATION =
      """
      Milliseconds for a step. Both sides run on the same card by turns, each time in a process of
      its own; times are medians over the rounds of medians. A ratio is PyTorch's time over the
      engine's within one round, its median: above 1 the engine is faster. A step is measured among
      many that are queued one after the other, and alone, from an idle device until its result has
      been read; host is the share of the latter until all of it was queued. PyTorch runs eagerly
      (channels_last, cudnn.benchmark, fused SGD, bfloat16 by autocast or, for inference, in weights
      and pictures). Plans and the cases named graph replay CUDA graphs; there PyTorch's figures are
      eagerly / as a graph.

      """;

  private final GpuResults results;
  private final Markdown page;

  private GpuTables(GpuResults results) {
    this.results = results;
    this.page = new Markdown("The engine on CUDA beside PyTorch", results, "");
  }

  static String of(GpuResults results) {
    GpuTables tables = new GpuTables(results);
    tables.page.line("- Card: %s", results.card());
    results.versions().forEach((side, versions) -> tables.page.line("- %s: %s", side, versions));
    tables.page.line("");
    tables.page.text(EXPLANATION);
    tables.steps(tables.names(false));
    tables.names(true).forEach(tables::layers);
    results.failures().forEach(failure -> tables.page.line("\nNot measured: %s", failure));
    tables.rounds();
    return tables.page.toString();
  }

  private void steps(List<String> names) {
    page.table(
        names.stream().map(results::named).toList(),
        List.of(
            new Column<>("case", of -> of.getFirst().name()),
            new Column<>("engine", of -> time(of, Round::engine, "step")),
            new Column<>("PyTorch", of -> both(graph -> time(of, Round::pytorch, graph + "step"))),
            new Column<>("ratio", of -> both(graph -> ratio(of, graph, "step"))),
            new Column<>("alone: engine", of -> time(of, Round::engine, "alone")),
            new Column<>("PyTorch", of -> both(graph -> time(of, Round::pytorch, graph + "alone"))),
            new Column<>("ratio", of -> both(graph -> ratio(of, graph, "alone"))),
            new Column<>("host: engine", of -> share(of, Round::engine, "")),
            new Column<>("PyTorch", of -> both(graph -> share(of, Round::pytorch, graph)))));
  }

  private void layers(String name) {
    List<Round> of = results.named(name);
    page.heading("%s", name);
    page.line("Each shape of a convolution and of a normalisation with ReLU once, milliseconds in");
    page.line("blocks.");
    page.line("");
    page.table(
        of.getFirst().engine().keySet().stream()
            .filter(layer -> !layer.equals(EngineSide.PARAMETERS))
            .toList(),
        List.of(
            new Column<>("layer", layer -> layer),
            new Column<>("engine", layer -> time(of, Round::engine, layer)),
            new Column<>("PyTorch", layer -> time(of, Round::pytorch, layer)),
            new Column<>("ratio", layer -> ratio(of, "", layer))));
  }

  private void rounds() {
    page.line("");
    page.line(
        "Each round, steps in blocks, engine / PyTorch / PyTorch's graph where there is one:");
    page.line("");
    for (String name : names(false)) {
      String raw =
          results.named(name).stream().map(GpuTables::raw).collect(Collectors.joining("; "));
      page.line("- %s: %s", name, raw);
    }
  }

  private static String raw(Round round) {
    BigDecimal graph = round.pytorch().get(GRAPH + "step");
    return round.engine().get("step")
        + " / "
        + round.pytorch().get("step")
        + (graph == null ? "" : " / " + graph);
  }

  // ---------------------------------------------------------------- cells

  /** Returns the names of the cases, of those of layers or of the others. */
  private List<String> names(boolean layers) {
    return results.rounds().stream()
        .map(Round::name)
        .distinct()
        .filter(name -> (GpuCase.parse(name).kind() == GpuCase.Kind.LAYERS) == layers)
        .toList();
  }

  private static OptionalDouble figure(Map<String, BigDecimal> printed, String key) {
    BigDecimal value = printed.get(key);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value.doubleValue());
  }

  /** Returns the median of a figure as a cell, or a dash if no round has it. */
  private static String cell(
      List<Round> of, String format, Function<Round, OptionalDouble> figure) {
    double[] values = of.stream().map(figure).flatMapToDouble(OptionalDouble::stream).toArray();
    return values.length == 0
        ? NONE
        : Markdown.format(format, Scatter.of(DoubleStream.of(values)).median());
  }

  /** Returns what PyTorch's figures give, and after a slash what its graph's do if there is one. */
  private static String both(UnaryOperator<String> cell) {
    String graph = cell.apply(GRAPH);
    return cell.apply("") + (graph.equals(NONE) ? "" : " / " + graph);
  }

  private static String time(
      List<Round> of, Function<Round, Map<String, BigDecimal>> side, String key) {
    return cell(of, "%.3f", round -> figure(side.apply(round), key));
  }

  private static String ratio(List<Round> of, String prefix, String key) {
    return cell(
        of, "**%.2f**", round -> quotient(round.pytorch(), prefix + key, round.engine(), key, 1));
  }

  private static String share(
      List<Round> of, Function<Round, Map<String, BigDecimal>> side, String prefix) {
    return cell(
        of,
        "%.0f %%",
        round -> {
          Map<String, BigDecimal> printed = side.apply(round);
          return quotient(printed, prefix + "host", printed, prefix + "alone", 100);
        });
  }

  private static OptionalDouble quotient(
      Map<String, BigDecimal> a, String ofA, Map<String, BigDecimal> b, String ofB, double factor) {
    OptionalDouble above = figure(a, ofA);
    OptionalDouble below = figure(b, ofB);
    return above.isEmpty() || below.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(factor * above.getAsDouble() / below.getAsDouble());
  }
}
