import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for spilled registers in what the JVM prints of compiled methods by {@code
 * -XX:+UnlockDiagnosticVMOptions -XX:CompileCommand=print,Class::method}: without a plug-in that is
 * bytes, which {@code objdump} makes readable. For each method that C2 compiled it prints the
 * innermost loop with the most fused multiply-adds. Argument: a file with what was printed, and
 * {@code -v} to see the loop itself. For x86-64.
 */
final class Spills {
  private static final Pattern BYTES =
      Pattern.compile("\\s+0x([0-9a-f]+):\\s+([0-9a-f |]+?)\\s*(;.*)?");
  private static final Pattern INSTRUCTION = Pattern.compile("\\s*([0-9a-f]+):\\s+(.*)");
  private static final Pattern JUMP = Pattern.compile("j\\w+\\s+0x([0-9a-f]+)");

  private Spills() {}

  private record Instruction(long address, String text) {}

  public static void main(String[] args) throws Exception {
    boolean verbose = args.length > 1 && args[1].equals("-v");
    String method = "";
    List<String> code = null;
    for (String line : Files.readAllLines(Path.of(args[0]), StandardCharsets.ISO_8859_1)) {
      if (line.startsWith("Compiled method")) {
        method = line;
      } else if (line.startsWith("[MachCode]")) {
        code = new ArrayList<>();
      } else if (line.startsWith("[/MachCode]") && code != null) {
        // One with a % was entered in the middle of a loop; it is soon replaced.
        if (method.contains("(c2)") && !method.contains(" % ")) {
          report(method.replaceAll(".* (\\S+::\\S+).*", "$1"), disassemble(code), verbose);
        }
        code = null;
      } else if (code != null) {
        code.add(line);
      }
    }
  }

  private static void report(String method, List<Instruction> code, boolean verbose) {
    List<Instruction> loop = loop(code);
    long sums = count(loop, t -> t.contains("vfmadd"));
    long loads = count(loop, t -> t.matches("v\\w+\\s+[xyz]mm\\d+,.*\\[rsp.*"));
    long stores = count(loop, t -> t.matches("v\\w+\\s+.*\\[rsp.*\\],[xyz]mm.*"));
    long others = count(loop, t -> t.contains("[rsp")) - loads - stores;
    System.out.printf(
        "%s: %d instructions in the loop, %d FMAs, vectors spilled: %d loads, %d stores;"
            + " other use of the stack: %d%n",
        method, loop.size(), sums, loads, stores, others);
    if (verbose) {
      loop.forEach(i -> System.out.println("  " + i.text));
    }
  }

  private static long count(List<Instruction> code, Predicate<String> kind) {
    return code.stream().filter(i -> kind.test(i.text)).count();
  }

  /** Returns the loop without a loop inside that has the most FMAs, or nothing. */
  private static List<Instruction> loop(List<Instruction> code) {
    List<Instruction> best = List.of();
    int lastBegin = -1;
    for (int end = 0; end < code.size(); end++) {
      Matcher jump = JUMP.matcher(code.get(end).text);
      if (!jump.matches()) {
        continue;
      }
      long target = Long.parseUnsignedLong(jump.group(1), 16);
      int begin = end;
      while (begin > 0 && code.get(begin).address > target) {
        begin--;
      }
      if (code.get(begin).address != target || begin == end || begin <= lastBegin) {
        continue;
      }
      lastBegin = begin;
      List<Instruction> loop = code.subList(begin, end + 1);
      if (count(loop, t -> t.contains("vfmadd")) > count(best, t -> t.contains("vfmadd"))) {
        best = loop;
      }
    }
    return best;
  }

  private static List<Instruction> disassemble(List<String> lines)
      throws IOException, InterruptedException {
    long base = -1;
    byte[] code = {};
    for (String line : lines) {
      Matcher m = BYTES.matcher(line);
      if (m.matches() && !m.group(2).isBlank()) {
        long address = Long.parseUnsignedLong(m.group(1), 16);
        byte[] bytes = HexFormat.of().parseHex(m.group(2).replaceAll("[ |]", ""));
        base = base < 0 ? address : base;
        int at = (int) (address - base);
        code = Arrays.copyOf(code, Math.max(code.length, at + bytes.length));
        System.arraycopy(bytes, 0, code, at, bytes.length);
      }
    }
    Path file = Files.createTempFile("code", ".bin");
    try {
      Files.write(file, code);
      return objdump(file, base);
    } finally {
      Files.delete(file);
    }
  }

  private static List<Instruction> objdump(Path file, long base)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "objdump",
                "-D",
                "--target=binary",
                "--architecture=i386:x86-64",
                "--disassembler-options=intel",
                "--no-show-raw-insn",
                "--adjust-vma=0x" + Long.toHexString(base),
                file.toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(text);
    }
    List<Instruction> code = new ArrayList<>();
    for (String line : text.split("\n")) {
      Matcher m = INSTRUCTION.matcher(line);
      if (m.matches()) {
        long address = Long.parseUnsignedLong(m.group(1), 16);
        code.add(new Instruction(address, m.group(2).strip()));
      }
    }
    return code;
  }
}
