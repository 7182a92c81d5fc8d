package dev.thumbnet.engine.backend.cpu.vector.code;

import dev.thumbnet.engine.backend.cpu.vector.code.MachineCode.Instruction;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The loop of a method, without a loop inside, with the most multiply-adds, or, where there are
 * none, the most vector instructions.
 *
 * @param instructions from the one that a jump goes back to, to the jump; none if there is no loop
 */
record InnerLoop(List<Instruction> instructions) {
  /** Conditional; others lead back from what stands behind the method's end. */
  private static final Pattern JUMP = Pattern.compile("j(?!mp)\\w+\\s+0x([0-9a-f]+)");

  private static final Comparator<InnerLoop> ORDER =
      Comparator.comparingInt(InnerLoop::multiplyAdds).thenComparingInt(InnerLoop::vectors);

  static InnerLoop of(List<Instruction> code) {
    Map<Long, Integer> places = new HashMap<>();
    for (int i = 0; i < code.size(); i++) {
      places.put(code.get(i).address(), i);
    }
    InnerLoop best = new InnerLoop(List.of());
    int lastBegin = -1;
    for (int end = 0; end < code.size(); end++) {
      Matcher jump = JUMP.matcher(code.get(end).text());
      if (!jump.matches()) {
        continue;
      }
      Integer begin = places.get(Long.parseUnsignedLong(jump.group(1), 16));
      // A jump to before the last loop closes a loop around it.
      if (begin == null || begin >= end || begin <= lastBegin) {
        continue;
      }
      lastBegin = begin;
      InnerLoop loop = new InnerLoop(code.subList(begin, end + 1));
      if (ORDER.compare(loop, best) > 0) {
        best = loop;
      }
    }
    return best;
  }

  int size() {
    return instructions.size();
  }

  int vectors() {
    return count(text -> text.matches(".*[xyz]mm\\d.*"));
  }

  int multiplyAdds() {
    return count(text -> text.contains("vfmadd"));
  }

  /** Vectors that are stored to the stack. */
  int spills() {
    return count(text -> text.matches("v\\w+\\s+.*\\[rsp.*\\],[xyz]mm.*"));
  }

  /** Vectors that are loaded from the stack, or multiplied there. */
  int reloads() {
    return count(text -> text.matches("v\\w+\\s+[xyz]mm\\d+,.*\\[rsp.*"));
  }

  private int count(Predicate<String> kind) {
    return (int) instructions.stream().filter(instruction -> kind.test(instruction.text())).count();
  }

  @Override
  public String toString() {
    return "%d instructions, %d multiply-adds, vectors spilled %d times and reloaded %d times"
        .formatted(size(), multiplyAdds(), spills(), reloads());
  }
}
