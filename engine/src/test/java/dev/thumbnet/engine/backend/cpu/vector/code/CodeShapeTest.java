package dev.thumbnet.engine.backend.cpu.vector.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thumbnet.engine.backend.cpu.vector.code.LoopCalls.Loop;
import dev.thumbnet.engine.backend.cpu.vector.code.MachineCode.Instruction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.incubator.vector.FloatVector;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * C2 keeps all vectors of every register tile in registers, and needs few instructions beside the
 * multiply-adds; likewise the vectors of Winograd's transforms and of loops over channels. Looks at
 * the machine code, which is the same on a busy machine; nothing is timed.
 */
@EnabledIfSystemProperty(
    named = "os.arch",
    matches = "amd64",
    disabledReason = "the code that is read is that of x86-64")
class CodeShapeTest {
  /** Options of the JVM for as many registers as the machine has. */
  private static final List<List<String>> MANY_REGISTERS = List.of(List.of());

  /** Options for 16 registers, which AVX2 has, with eight lanes and with four. */
  private static final List<List<String>> FEW_REGISTERS =
      List.of(List.of("-XX:UseAVX=2"), List.of("-XX:UseAVX=2", "-Ddev.thumbnet.engine.lanes=4"));

  private static final Pattern TILE = Pattern.compile("(\\w+::[a-z]+)(\\d+)x(\\d+)");

  /** The arithmetic of a tile of r x v: r·v multiply-adds for v loads and r broadcasts or loads. */
  private static int useful(int rows, int vectors) {
    return rows * vectors + vectors + rows;
  }

  /**
   * What a step of the sum may take beside that.
   *
   * @param eachRow instructions for each row, as for its address
   * @param eachVector for each vector of B, as for decoding it
   * @param once steps of offsets, and checks of bounds where they are no constants
   */
  private record Allowance(int eachRow, int eachVector, int once) {
    /** Counting, arrays from the stack. */
    private static final int LOOP = 12;

    int instructions(int rows, int vectors, int steps) {
      int step = useful(rows, vectors) + eachRow * rows + eachVector * vectors + once;
      return steps * step + LOOP;
    }
  }

  private static final Map<String, Allowance> ALLOWANCES =
      Map.of(
          "MultiplyTiles::multiply", new Allowance(1, 0, 0),
          "Bf16Tiles::multiply", new Allowance(1, 1, 0),
          "Int8Tiles::multiply", new Allowance(1, 2, 0),
          "WeightGradientTiles::gradient", new Allowance(0, 0, 10),
          "PlaneTiles::sum", new Allowance(0, 0, 12),
          "DotTiles::whole", new Allowance(0, 0, 0),
          "DotTiles::tail", new Allowance(6, 6, 0));

  /** The largest tiles for 16 registers, of which something is wrong if they do not show. */
  private static final List<String> LARGEST_OF_FEW =
      List.of(
          "MultiplyTiles::multiply5x2",
          "Bf16Tiles::multiply5x2",
          "Int8Tiles::multiply4x2",
          "WeightGradientTiles::gradient5x2",
          "PlaneTiles::sum3x3",
          "DotTiles::whole3x3");

  private static final List<String> LARGEST_OF_MANY =
      List.of(
          "MultiplyTiles::multiply5x4",
          "MultiplyTiles::multiply6x2",
          "Bf16Tiles::multiply5x4",
          "Int8Tiles::multiply5x4",
          "WeightGradientTiles::gradient6x4",
          "WeightGradientTiles::gradient8x2",
          "PlaneTiles::sum4x4",
          "DotTiles::whole4x3");

  /** Vectors that loops spill or load again all the same, for which no better form was found. */
  private static final Map<String, Integer> KNOWN_SPILLS =
      Map.of("ChannelTiles::gradientSumsReluNarrow", 5);

  @TempDir private Path folder;

  @BeforeAll
  static void needsDisassembly() throws InterruptedException {
    assumeTrue(MachineCode.isReadable(), "there is no objdump here to read machine code with");
  }

  @Test
  void tilesForManyRegisters() throws Exception {
    assumeTrue(FloatVector.SPECIES_PREFERRED.length() == 16, "this machine has no AVX-512");
    checkTiles(LARGEST_OF_MANY, MANY_REGISTERS);
  }

  @Test
  void tilesForFewRegisters() throws Exception {
    checkTiles(LARGEST_OF_FEW, FEW_REGISTERS);
  }

  @Test
  void loopsForFewRegisters() throws Exception {
    List<String> names = LoopCalls.list().stream().map(Loop::name).toList();
    for (Path printed : compile(LoopCalls.class, names, FEW_REGISTERS)) {
      checkLoops(names, MachineCode.read(printed));
    }
  }

  /** Transforms, and loops over channels. */
  private static void checkLoops(List<String> names, Map<String, List<Instruction>> methods) {
    assertThat(methods).containsKeys(names.toArray(String[]::new));
    SoftAssertions all = new SoftAssertions();
    methods.forEach(
        (name, code) -> {
          InnerLoop loop = InnerLoop.of(code);
          all.assertThat(loop.vectors()).as("%s: %s", name, loop).isPositive();
          all.assertThat(loop.spills() + loop.reloads())
              .as("spills of %s: %s", name, loop)
              .isLessThanOrEqualTo(KNOWN_SPILLS.getOrDefault(name, 0));
        });
    all.assertAll();
  }

  private void checkTiles(List<String> expected, List<List<String>> options) throws Exception {
    List<String> starts = ALLOWANCES.keySet().stream().map(start -> start + "*").toList();
    for (Path printed : compile(KernelCalls.class, starts, options)) {
      Map<String, List<Instruction>> methods = MachineCode.read(printed);
      assertThat(methods).containsKeys(expected.toArray(String[]::new));
      SoftAssertions all = new SoftAssertions();
      methods.forEach((name, code) -> check(all, name, InnerLoop.of(code)));
      all.assertAll();
    }
  }

  private static void check(SoftAssertions all, String name, InnerLoop loop) {
    Matcher tile = TILE.matcher(name);
    if (!tile.matches()) {
      all.fail("%s is no tile", name);
      return;
    }
    int rows = Integer.parseInt(tile.group(2));
    int vectors = Integer.parseInt(tile.group(3));
    all.assertThat(loop.multiplyAdds()).as("%s: %s", name, loop).isPositive();
    all.assertThat(loop.multiplyAdds() % (rows * vectors)).as("%s: %s", name, loop).isZero();
    all.assertThat(loop.spills() + loop.reloads()).as("spills of %s: %s", name, loop).isZero();
    int steps = loop.multiplyAdds() / (rows * vectors);
    int most = ALLOWANCES.get(tile.group(1)).instructions(rows, vectors, steps);
    all.assertThat(loop.size()).as("instructions of %s: %s", name, loop).isLessThanOrEqualTo(most);
  }

  /**
   * Lets JVMs compile methods, all at the same time.
   *
   * @param options of each
   * @return files with what they printed
   */
  private List<Path> compile(Class<?> calls, List<String> methods, List<List<String>> options)
      throws IOException, InterruptedException {
    List<Path> files = new ArrayList<>();
    List<Process> processes = new ArrayList<>();
    for (List<String> own : options) {
      Path printed = folder.resolve("printed" + files.size());
      files.add(printed);
      processes.add(
          new ProcessBuilder(command(calls, methods, own))
              .redirectErrorStream(true)
              .redirectOutput(printed.toFile())
              .start());
    }
    for (int i = 0; i < processes.size(); i++) {
      Path printed = files.get(i);
      int status = processes.get(i).waitFor();
      assertThat(status).as(() -> beginning(printed)).isZero();
    }
    return files;
  }

  private static List<String> command(Class<?> calls, List<String> methods, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.add("-Xbatch");
    command.add("-XX:+UnlockDiagnosticVMOptions");
    for (String method : methods) {
      command.add("-XX:CompileCommand=print,*" + method);
      command.add("-XX:CompileCommand=dontinline,*" + method);
    }
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(calls.getName());
    return command;
  }

  private static String beginning(Path printed) {
    try (var lines = Files.lines(printed)) {
      return String.join("\n", lines.limit(20).toList());
    } catch (IOException e) {
      return e.toString();
    }
  }
}
