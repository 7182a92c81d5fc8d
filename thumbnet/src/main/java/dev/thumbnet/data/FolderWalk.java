package dev.thumbnet.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

/**
 * Finds the pictures below a folder, and counts what else is there. Links are followed, but not to
 * a folder that holds them: that would have no end, or take the pictures of other classes. For one
 * thread.
 */
final class FolderWalk {
  /** What systems and their file managers leave in folders, besides names that begin with a dot. */
  private static final Set<String> OF_SYSTEMS =
      Set.of(
          "__macosx",
          "@eadir",
          "$recycle.bin",
          "system volume information",
          "lost+found",
          "thumbs.db",
          "ehthumbs.db",
          "desktop.ini",
          "icon\r");

  private static final int EXAMPLES = 3;

  private final Path root;
  private final Map<String, List<Path>> examples = new LinkedHashMap<>();
  private final Map<String, Integer> counts = new LinkedHashMap<>();

  /** Begins a walk below a folder. */
  FolderWalk(Path root) {
    this.root = root;
  }

  /** Returns the class folders, in no order; what else is in the root is left out. */
  List<Path> classFolders() {
    List<Path> folders = new ArrayList<>();
    Deque<Path> above = new ArrayDeque<>(List.of(real(root)));
    for (Path child : children(root)) {
      if (isOfSystem(child)) {
        continue;
      }
      if (!Files.isDirectory(child)) {
        boolean picture = Files.isRegularFile(child) && ImageFolder.hasExtension(child);
        leaveOut(picture ? "pictures outside class folders" : kind(child), child);
      } else if (leadsBack(child, above)) {
        leaveOut("links to a folder above", child);
      } else {
        folders.add(child);
      }
    }
    return folders;
  }

  /** Returns the pictures in a class folder and below it, in no order. */
  List<Path> pictures(Path classFolder) {
    List<Path> found = new ArrayList<>();
    Deque<Path> above = new ArrayDeque<>(List.of(real(root)));
    walk(classFolder, above, found);
    return found;
  }

  private void walk(Path folder, Deque<Path> above, List<Path> found) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("stopped while looking for pictures");
    }
    above.push(real(folder));
    for (Path child : children(folder)) {
      if (isOfSystem(child)) {
        continue;
      }
      if (Files.isDirectory(child)) {
        if (leadsBack(child, above)) {
          leaveOut("links to a folder above", child);
        } else {
          walk(child, above, found);
        }
      } else if (Files.isRegularFile(child) && ImageFolder.hasExtension(child)) {
        found.add(child);
      } else {
        leaveOut(kind(child), child);
      }
    }
    above.pop();
  }

  private static boolean leadsBack(Path folder, Deque<Path> above) {
    Path target = real(folder);
    return above.stream().anyMatch(holder -> holder.startsWith(target));
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw cannotList(folder, e);
    }
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted(Comparator.comparing(Path::toString)).toList();
    } catch (IOException | UncheckedIOException e) {
      throw cannotList(folder, e);
    }
  }

  private static IllegalArgumentException cannotList(Path folder, Exception e) {
    String reason =
        e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    return new IllegalArgumentException("cannot list the folder " + folder + ": " + reason, e);
  }

  private static boolean isOfSystem(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(".") || OF_SYSTEMS.contains(name.toLowerCase(Locale.ROOT));
  }

  private static String kind(Path file) {
    if (Files.isSymbolicLink(file) && Files.notExists(file)) {
      return "links to nothing";
    }
    if (!Files.isRegularFile(file)) {
      return "pipes or devices";
    }
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 && dot < name.length() - 1
        ? name.substring(dot).toLowerCase(Locale.ROOT)
        : "files without an ending";
  }

  private void leaveOut(String kind, Path file) {
    counts.merge(kind, 1, Integer::sum);
    List<Path> shown = examples.computeIfAbsent(kind, _ -> new ArrayList<>());
    if (shown.size() < EXAMPLES) {
      shown.add(root.relativize(file));
    }
  }

  /** Returns what was left out so far, the most frequent kind first. */
  List<LeftOut> leftOut() {
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .map(
            e ->
                new LeftOut(e.getKey(), e.getValue(), examples.getOrDefault(e.getKey(), List.of())))
        .toList();
  }
}
