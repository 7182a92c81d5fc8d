package dev.thumbnet.bench.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * All that a comparison measured, as JSON and as a table. What a side printed is kept as it is.
 *
 * @param about name and value of what a reader must know: the card, versions, the command
 * @param rounds one for each time that both sides ran a case
 * @param failures what could not be measured, and why
 */
record GpuResults(Map<String, String> about, List<Round> rounds, List<String> failures) {

  /**
   * A case, run once by both, one after the other.
   *
   * @param name of the case
   * @param engine what the engine's side printed
   * @param pytorch what PyTorch's side printed
   */
  record Round(String name, Map<String, String> engine, Map<String, String> pytorch) {}

  /** Before the keys of what PyTorch measured as a graph. */
  private static final String GRAPH = "graph ";

  private static final String NONE = "–";

  private static final String HEADER =
      """
      | case | engine | PyTorch | ratio | alone: engine | PyTorch | ratio | host: engine | PyTorch |
      |---|---|---|---|---|---|---|---|---|
      """;

  private static final String LAYERS =
      """
      Each shape of a convolution and of a normalisation with ReLU once, milliseconds in blocks.

      | layer | engine | PyTorch | ratio |
      |---|---|---|---|
      """;

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

  // ---------------------------------------------------------------- a table

  String markdown() {
    StringBuilder text = new StringBuilder("# The engine on CUDA beside PyTorch\n\n");
    about.forEach(
        (key, value) -> text.append("- ").append(key).append(": ").append(value).append('\n'));
    text.append('\n').append(EXPLANATION).append('\n').append(HEADER);
    for (String name : names(false)) {
      List<Round> of = named(name);
      row(
          text,
          name,
          time(of, "step"),
          both(prefix -> pytorchTime(of, prefix + "step")),
          both(prefix -> ratio(of, prefix, "step")),
          time(of, "alone"),
          both(prefix -> pytorchTime(of, prefix + "alone")),
          both(prefix -> ratio(of, prefix, "alone")),
          share(of, Round::engine, ""),
          both(prefix -> share(of, Round::pytorch, prefix)));
    }
    for (String name : names(true)) {
      layers(text, name, named(name));
    }
    for (String failure : failures) {
      text.append("\nNot measured: ").append(failure).append('\n');
    }
    text.append("\nEach round, steps in blocks, engine / PyTorch");
    text.append(" / PyTorch's graph where there is one:\n\n");
    for (String name : names(false)) {
      List<String> raw = new ArrayList<>();
      for (Round round : named(name)) {
        String graph = round.pytorch.get(GRAPH + "step");
        raw.add(
            round.engine.get("step")
                + " / "
                + round.pytorch.get("step")
                + (graph == null ? "" : " / " + graph));
      }
      text.append("- ").append(name).append(": ").append(String.join("; ", raw)).append('\n');
    }
    return text.toString();
  }

  /** Returns the names of the cases, of those of layers or of the others. */
  private List<String> names(boolean layers) {
    return rounds.stream()
        .map(Round::name)
        .distinct()
        .filter(name -> (GpuCase.parse(name).kind() == GpuCase.Kind.LAYERS) == layers)
        .toList();
  }

  private List<Round> named(String name) {
    return rounds.stream().filter(round -> round.name.equals(name)).toList();
  }

  private static void layers(StringBuilder text, String name, List<Round> of) {
    text.append("\n## ").append(name).append("\n\n").append(LAYERS);
    for (String layer : of.getFirst().engine.keySet()) {
      if (!layer.equals("parameters")) {
        row(text, layer, time(of, layer), pytorchTime(of, layer), ratio(of, "", layer));
      }
    }
  }

  private static void row(StringBuilder text, String... cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private interface Figure {
    OptionalDouble of(Round round);
  }

  private static OptionalDouble figure(Map<String, String> printed, String key) {
    String value = printed.get(key);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(value));
  }

  /** Returns the median of a figure as a cell, or a dash if no round has it. */
  private static String cell(List<Round> of, String format, Figure figure) {
    List<Double> values = new ArrayList<>();
    for (Round round : of) {
      figure.of(round).ifPresent(values::add);
    }
    return values.isEmpty() ? NONE : String.format(Locale.ROOT, format, Stopwatch.median(values));
  }

  /** Returns what PyTorch's figures give, and after a slash what its graph's do if there is one. */
  private static String both(UnaryOperator<String> cell) {
    String graph = cell.apply(GRAPH);
    return cell.apply("") + (graph.equals(NONE) ? "" : " / " + graph);
  }

  private static String time(List<Round> of, String key) {
    return cell(of, "%.3f", round -> figure(round.engine, key));
  }

  private static String pytorchTime(List<Round> of, String key) {
    return cell(of, "%.3f", round -> figure(round.pytorch, key));
  }

  private static String ratio(List<Round> of, String prefix, String key) {
    return cell(
        of, "**%.2f**", round -> quotient(round.pytorch, prefix + key, round.engine, key, 1));
  }

  private static String share(
      List<Round> of, Function<Round, Map<String, String>> side, String prefix) {
    return cell(
        of,
        "%.0f %%",
        round -> {
          Map<String, String> printed = side.apply(round);
          return quotient(printed, prefix + "host", printed, prefix + "alone", 100);
        });
  }

  private static OptionalDouble quotient(
      Map<String, String> a, String ofA, Map<String, String> b, String ofB, double factor) {
    OptionalDouble above = figure(a, ofA);
    OptionalDouble below = figure(b, ofB);
    return above.isEmpty() || below.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(factor * above.getAsDouble() / below.getAsDouble());
  }

  // ---------------------------------------------------------------- JSON

  String json() {
    StringBuilder text = new StringBuilder("{\n  \"about\": ");
    object(text, about);
    text.append(",\n  \"rounds\": [");
    for (int i = 0; i < rounds.size(); i++) {
      Round round = rounds.get(i);
      text.append(i == 0 ? "\n" : ",\n").append("    {\"case\": ");
      string(text, round.name);
      text.append(", \"engine\": ");
      object(text, round.engine);
      text.append(", \"pytorch\": ");
      object(text, round.pytorch);
      text.append('}');
    }
    text.append("\n  ],\n  \"failures\": [");
    for (int i = 0; i < failures.size(); i++) {
      text.append(i == 0 ? "" : ", ");
      string(text, failures.get(i));
    }
    return text.append("]\n}\n").toString();
  }

  private static void object(StringBuilder text, Map<String, String> fields) {
    String separator = "{";
    for (Map.Entry<String, String> field : fields.entrySet()) {
      text.append(separator);
      string(text, field.getKey());
      text.append(": ");
      if (field.getValue().matches("\\d+(\\.\\d+)?")) {
        text.append(field.getValue());
      } else {
        string(text, field.getValue());
      }
      separator = ", ";
    }
    text.append(fields.isEmpty() ? "{}" : "}");
  }

  private static void string(StringBuilder text, String value) {
    text.append('"');
    for (char c : value.toCharArray()) {
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
