package dev.thumbnet.engine.onnx;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Parameter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A module that takes weights under dotted names; there is one for each part of a name. */
abstract class Branch extends Module {
  /** More parts than the names of any exporter have. */
  private static final int MOST_PARTS = 32;

  private final Map<String, Branch> branches = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  /** What is below the network's own module. */
  private static final class Inner extends Branch {
    @Override
    public Tensor forward(Tensor x) {
      throw new UnsupportedOperationException("only the whole network has a forward pass");
    }
  }

  /** Registers a parameter under a name, which may be changed if it cannot be one of a module. */
  final void add(String name, Parameter parameter) {
    List<String> path = path(name);
    Branch branch = branch(path);
    branch.parameter(branch.claimed(path.getLast()), parameter);
  }

  /** As {@link #add(String, Parameter)}, for what is not learnt. */
  final void add(String name, Tensor tensor) {
    List<String> path = path(name);
    Branch branch = branch(path);
    branch.buffer(branch.claimed(path.getLast()), tensor);
  }

  private List<String> path(String name) {
    List<String> parts = Arrays.asList(name.split("\\.", -1));
    boolean possible = parts.size() <= MOST_PARTS && parts.stream().noneMatch(String::isEmpty);
    Branch branch = this;
    for (int i = 0; possible && i < parts.size(); i++) {
      boolean last = i == parts.size() - 1;
      Branch next = branch.branches.get(parts.get(i));
      possible = last ? !branch.taken.contains(parts.get(i)) : !branch.isWeight(parts.get(i));
      if (next == null) {
        break;
      }
      branch = next;
    }
    if (possible) {
      return parts;
    }
    String flat = name.isEmpty() ? "unnamed" : name.replace('.', '_');
    String free = flat;
    for (int i = 2; taken.contains(free); i++) {
      free = flat + "_" + i;
    }
    return List.of(free);
  }

  private boolean isWeight(String name) {
    return taken.contains(name) && !branches.containsKey(name);
  }

  private Branch branch(List<String> path) {
    Branch branch = this;
    for (String part : path.subList(0, path.size() - 1)) {
      Branch above = branch;
      branch =
          above.branches.computeIfAbsent(part, p -> above.child(above.claimed(p), new Inner()));
    }
    return branch;
  }

  private String claimed(String name) {
    taken.add(name);
    return name;
  }
}
