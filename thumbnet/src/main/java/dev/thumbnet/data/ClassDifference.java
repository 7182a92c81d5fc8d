package dev.thumbnet.data;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Says in what two lists of classes differ, which may have thousands in common. */
public final class ClassDifference {
  private static final int SHOWN = 8;

  private ClassDifference() {}

  /**
   * Returns which classes only one list has, or that the order differs.
   *
   * @param owner of the first list, as a sentence has it before "only"
   * @param classes the first list
   * @param other owner of the second list
   * @param others the second list
   */
  public static String of(String owner, List<String> classes, String other, List<String> others) {
    List<String> parts = new ArrayList<>();
    addOnly(owner, without(classes, others), parts);
    addOnly(other, without(others, classes), parts);
    return parts.isEmpty() ? "they are in another order" : String.join("; ", parts);
  }

  private static Set<String> without(List<String> classes, List<String> others) {
    Set<String> rest = new LinkedHashSet<>(ClassNames.canonical(classes));
    ClassNames.canonical(others).forEach(rest::remove);
    return rest;
  }

  private static void addOnly(String owner, Set<String> classes, List<String> parts) {
    if (classes.isEmpty()) {
      return;
    }
    String shown = String.join(", ", classes.stream().limit(SHOWN).toList());
    int more = classes.size() - SHOWN;
    parts.add("only " + owner + " have " + shown + (more > 0 ? " and " + more + " more" : ""));
  }
}
