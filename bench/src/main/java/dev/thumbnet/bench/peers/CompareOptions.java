package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.harness.CommandText;
import dev.thumbnet.bench.harness.CountConverter;
import dev.thumbnet.bench.harness.Effort;
import dev.thumbnet.bench.harness.RunOptions;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code bench/bin/compare}. */
final class CompareOptions {
  @Option(
      names = "--starts",
      defaultValue = "10",
      converter = CountConverter.class,
      description = "JVM starts per number of threads; tables show medians (default: 10)")
  private int starts;

  @Option(
      names = "--threads",
      split = ",",
      defaultValue = "1,2",
      converter = CountConverter.class,
      description = "numbers of threads (default: 1,2)")
  private List<Integer> threads;

  @Option(
      names = "--case",
      paramLabel = "CASE",
      converter = CaseConverter.class,
      description = "as --list prints it; may be repeated (default: all)")
  private List<Workload> cases;

  @Option(names = "--quick", description = "measure too shortly for conclusions, once")
  private boolean quick;

  @Option(names = "--list", description = "print the cases and end")
  private boolean list;

  @Mixin private RunOptions run = new RunOptions("");

  static final class CaseConverter implements ITypeConverter<Workload> {
    @Override
    public Workload convert(String text) {
      try {
        return Workload.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  boolean list() {
    return list;
  }

  int starts() {
    return quick ? 1 : starts;
  }

  List<Integer> threads() {
    return threads;
  }

  List<String> cases() {
    return (cases == null ? Workload.all() : cases).stream().map(Workload::toString).toList();
  }

  Effort effort() {
    return quick ? Effort.QUICK : Effort.FULL;
  }

  /** Whether tables of this are fit for {@code bench/RESULTS.md}. */
  boolean whole() {
    return !quick && cases == null;
  }

  RunOptions run() {
    return run;
  }

  String command() {
    CommandText command = new CommandText("bench/bin/compare").flag("--quick", quick);
    if (!quick) {
      command.option("--starts", starts);
    }
    command.option("--threads", String.join(",", threads.stream().map(String::valueOf).toList()));
    return command.option("--case", cases == null ? List.of() : cases).toString();
  }
}
