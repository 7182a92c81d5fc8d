package dev.thumbnet.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.bench.harness.Console;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which cases {@code bench/bin/compare-gpu} chooses, and which options it refuses. */
class CompareGpuTest {
  private static List<String> listed(String... arguments) {
    Console seen = Console.of(new CompareGpu(), arguments);
    assertThat(seen.code()).isZero();
    assertThat(seen.err()).isEmpty();
    return seen.out().lines().toList();
  }

  @Test
  void lists() {
    assertThat(listed("--list")).hasSize(38).contains("train resnet18 224 b32 bf16 graph");
    assertThat(listed("--list", "--case", "b32 tf32 graph", "--case", "layers vgg11_bn"))
        .containsExactly(
            "train resnet18 224 b32 tf32 graph",
            "layers vgg11_bn 224 b128 tf32",
            "layers vgg11_bn 224 b128 bf16");
    assertThat(listed("--list", "--case", "infer vgg16 112 b8 f32"))
        .as("not one of all, but a case")
        .containsExactly("infer vgg16 112 b8 f32");
  }

  @Test
  void refusesNonsense() {
    Console.assertMistake(new CompareGpu(), "Unknown option: '--starts=3'", "--starts=3");
    Console.assertMistake(new CompareGpu(), "'--rounds'", "--rounds", "0");
    Console.assertMistake(
        new CompareGpu(),
        "--case: \"train resnet18 b32\" is no case",
        "--list",
        "--case",
        "train resnet18 b32");
  }

  @Test
  void whatTheScriptPassesIsNotShown() {
    String help = Console.of(new CompareGpu(), "--help").out();
    assertThat(help).contains("--rounds", "--resume").doesNotContain("--pytorch", "--driver");
  }

  @Test
  void casesArePrintedAsTheyAreParsed() {
    List<GpuCase> all = GpuCase.all();
    assertThat(all).map(what -> GpuCase.parse(what.toString())).isEqualTo(all);
  }
}
