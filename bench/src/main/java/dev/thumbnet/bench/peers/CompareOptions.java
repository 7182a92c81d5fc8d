package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.harness.CommandText;
import dev.thumbnet.bench.harness.CountConverter;
import dev.thumbnet.bench.harness.Effort;
import dev.thumbnet.bench.harness.RunOptions;
import dev.thumbnet.bench.harness.UsageException;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code bench/bin/compare}. */
final class CompareOptions {
  static final String QUICK = "--quick";
  static final String CASE = "--case";
  private static final String AVX2 = "--avx2";

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
      names = CASE,
      paramLabel = "CASE",
      converter = CaseConverter.class,
      description = "as --list prints it; may be repeated (default: all)")
  private List<Workload> cases;

  @Option(names = QUICK, description = "measure too shortly for conclusions, once")
  private boolean quick;

  @Option(
      names = AVX2,
      description =
          "on a processor with AVX-512, time the engine alone on a JVM that compiles for AVX2"
              + " (-XX:UseAVX=2)")
  private boolean avx2;

  @Option(names = "--list", description = "print the cases and end")
  private boolean list;

  @Option(
      names = "--page",
      description = "make bench/RESULTS.md anew of the files in bench/results and end")
  private boolean page;

  @Mixin private RunOptions run = new RunOptions(RunOptions.FOLDER, () -> isa(Isa.here()).suffix());

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

  boolean page() {
    return page;
  }

  /**
   * Returns for which kind of processor JVMs shall compile.
   *
   * @param here that of this JVM
   * @throws UsageException if there is nothing to choose
   */
  Isa isa(Isa here) {
    if (avx2 && here != Isa.AVX_512) {
      throw new UsageException(AVX2 + " needs a processor with AVX-512; this one has " + here);
    }
    return avx2 ? Isa.AVX2_BY_OPTION : here;
  }

  RunOptions run() {
    return run;
  }

  String command() {
    CommandText command = new CommandText("bench/bin/compare").flag(QUICK, quick).flag(AVX2, avx2);
    if (!quick) {
      command.option("--starts", starts);
    }
    command.option("--threads", String.join(",", threads.stream().map(String::valueOf).toList()));
    return command.option(CASE, cases == null ? List.of() : cases).toString();
  }
}
