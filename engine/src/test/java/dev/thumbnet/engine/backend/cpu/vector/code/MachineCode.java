package dev.thumbnet.engine.backend.cpu.vector.code;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What C2 made of methods, on x86-64. The JVM prints it by {@code -XX:+UnlockDiagnosticVMOptions
 * -XX:CompileCommand=print,Class::method}, without a plug-in as bytes, which {@code objdump} makes
 * readable.
 *
 * <p>As a program it prints the inner loop of each method in a file with what was printed.
 */
final class MachineCode {
  private static final Pattern BYTES =
      Pattern.compile("\\s+0x([0-9a-f]+):\\s+([0-9a-f |]+?)\\s*(;.*)?");
  private static final Pattern INSTRUCTION = Pattern.compile("\\s*([0-9a-f]+):\\s+(.*)");

  private MachineCode() {}

  /** An instruction, in Intel's notation. */
  record Instruction(long address, String text) {}

  public static void main(String[] args) throws IOException, InterruptedException {
    for (Map.Entry<String, List<Instruction>> method : read(Path.of(args[0])).entrySet()) {
      InnerLoop loop = InnerLoop.of(method.getValue());
      System.out.println(method.getKey() + ": " + loop);
      loop.instructions().forEach(instruction -> System.out.println("  " + instruction.text));
    }
  }

  /** Tells whether bytes can be made readable here. */
  static boolean isReadable() throws InterruptedException {
    try {
      return new ProcessBuilder("objdump", "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Returns the last version that C2 made of each method, by "Class::method".
   *
   * @param printed what the JVM printed
   */
  static Map<String, List<Instruction>> read(Path printed)
      throws IOException, InterruptedException {
    Map<String, List<String>> last = new LinkedHashMap<>();
    String method = "";
    List<String> code = new ArrayList<>();
    for (String line : Files.readAllLines(printed, StandardCharsets.ISO_8859_1)) {
      if (line.startsWith("Compiled method")) {
        method = line;
      } else if (line.startsWith("[MachCode]")) {
        code = new ArrayList<>();
      } else if (line.startsWith("[/MachCode]")) {
        // One with a % was entered in the middle of a loop; it is soon replaced.
        if (method.contains("(c2)") && !method.contains(" % ")) {
          last.put(method.replaceAll(".*?([^. ]+::\\S+).*", "$1"), code);
        }
      } else {
        code.add(line);
      }
    }
    Map<String, List<Instruction>> methods = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> entry : last.entrySet()) {
      methods.put(entry.getKey(), disassemble(entry.getValue()));
    }
    return methods;
  }

  private static List<Instruction> disassemble(List<String> lines)
      throws IOException, InterruptedException {
    long base = -1;
    byte[] code = {};
    for (String line : lines) {
      Matcher bytes = BYTES.matcher(line);
      if (bytes.matches() && !bytes.group(2).isBlank()) {
        long address = Long.parseUnsignedLong(bytes.group(1), 16);
        byte[] more = HexFormat.of().parseHex(bytes.group(2).replaceAll("[ |]", ""));
        base = base < 0 ? address : base;
        int at = Math.toIntExact(address - base);
        code = Arrays.copyOf(code, Math.max(code.length, at + more.length));
        System.arraycopy(more, 0, code, at, more.length);
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
      Matcher instruction = INSTRUCTION.matcher(line);
      if (instruction.matches()) {
        long address = Long.parseUnsignedLong(instruction.group(1), 16);
        code.add(new Instruction(address, instruction.group(2).strip()));
      }
    }
    return code;
  }
}
