package dev.thumbnet.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thumbnet.bench.harness.Console;
import dev.thumbnet.bench.harness.Effort;
import dev.thumbnet.bench.harness.UsageException;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What options of {@code bench/bin/compare} mean, and which it refuses. */
class CompareOptionsTest {
  @Command(name = "compare")
  private static final class Parsed implements Callable<Integer> {
    @Mixin private CompareOptions options = new CompareOptions();

    @Override
    public Integer call() {
      return 0;
    }
  }

  private static CompareOptions parse(String... arguments) {
    Parsed parsed = new Parsed();
    assertThat(Console.of(parsed, arguments)).isEqualTo(new Console(0, "", ""));
    return parsed.options;
  }

  @Test
  void allCasesWithoutOptions() {
    CompareOptions options = parse();
    assertThat(options.starts()).isEqualTo(10);
    assertThat(options.threads()).containsExactly(1, 2);
    assertThat(options.cases())
        .hasSize(41)
        .contains("forward vgg11 56 b16", "train resnet18 112 b16", "product 2048")
        .contains("convolution n16 h56 w56 c64 k128 r1 s1 st2 p0");
    assertThat(options.effort()).isEqualTo(Effort.FULL);
    assertThat(options.list()).isFalse();
    assertThat(options.page()).isFalse();
    assertThat(options.isa(Isa.AVX2)).isEqualTo(Isa.AVX2);
    assertThat(options.command()).isEqualTo("bench/bin/compare --starts 10 --threads 1,2");
  }

  @Test
  void someCasesQuickly() {
    CompareOptions options =
        parse("--quick --starts 4 --threads 2,4 --list --resume --name x".split(" "));
    assertThat(options.starts()).isEqualTo(1);
    assertThat(options.threads()).containsExactly(2, 4);
    assertThat(options.effort()).isEqualTo(Effort.QUICK);
    assertThat(options.list()).isTrue();
    assertThat(options.isa(Isa.AVX2).suffix()).isEqualTo("-avx2");
    assertThat(options.command()).isEqualTo("bench/bin/compare --quick --threads 2,4");

    options = parse("--case", "product 64", "--case", "forward resnet50 32 b3");
    assertThat(options.cases()).containsExactly("product 64", "forward resnet50 32 b3");
    assertThat(options.command())
        .endsWith(" --threads 1,2 --case 'product 64' --case 'forward resnet50 32 b3'");
  }

  @Test
  void compilesForAvx2WhereTheProcessorHasMore() {
    CompareOptions options = parse("--avx2", "--starts", "3");
    assertThat(options.isa(Isa.AVX_512)).isEqualTo(Isa.AVX2_BY_OPTION);
    assertThat(options.command()).isEqualTo("bench/bin/compare --avx2 --starts 3 --threads 1,2");
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> options.isa(Isa.AVX2))
        .withMessageContaining("this one has AVX2");
  }

  @Test
  void refusesNonsense() {
    Console.assertMistake(new Parsed(), "Unknown option: '--start=3'", "--start=3");
    Console.assertMistake(new Parsed(), "'--starts'", "--starts", "0");
    Console.assertMistake(new Parsed(), "'--threads'", "--threads", "1,two");
    Console.assertMistake(new Parsed(), "is no case (", "--case", "forward");
    Console.assertMistake(new Parsed(), "is no case (", "--case", "convolution n1 h0");
    Console.assertMistake(new Parsed(), "that 4 divides", "--case", "thumbnails resnet18 222 b1");
  }

  @Test
  void casesArePrintedAsTheyAreParsed() {
    List<Workload> all = Workload.all();
    assertThat(all).map(workload -> Workload.parse(workload.toString())).isEqualTo(all);
  }
}
