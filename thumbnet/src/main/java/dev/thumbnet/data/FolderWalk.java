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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Finds the pictures below a folder, and counts what else is there. Each folder is visited once,
 * whatever links lead to it: links are followed when all folders that need none were visited, and
 * left out if they lead to one of these or to a folder above. So no picture is taken twice, nor by
 * another class than its own. For one thread and one walk.
 */
public final class FolderWalk {
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

  /** A link to a folder, and the pictures of those that it belongs to. */
  private record Link(Path path, List<Path> pictures) {}

  private final Path root;
  private final Consumer<IllegalArgumentException> unreadable;
  private final Set<Path> visited = new HashSet<>();
  private final Deque<Link> links = new ArrayDeque<>();
  private final Map<String, List<Path>> examples = new LinkedHashMap<>();
  private final Map<String, Integer> counts = new LinkedHashMap<>();

  /**
   * Begins a walk below a folder.
   *
   * @param unreadable gets what is wrong with a folder that cannot be listed, which names it; may
   *     throw it
   */
  public FolderWalk(Path root, Consumer<IllegalArgumentException> unreadable) {
    this.root = root;
    this.unreadable = unreadable;
  }

  /** Passes a folder over, if it is there, without a word. */
  public void passOver(Path folder) {
    if (Files.isDirectory(folder)) {
      isNew(folder);
    }
  }

  /**
   * Returns all pictures below the folder, in no order.
   *
   * @throws CancellationException if this thread is interrupted
   */
  public List<Path> pictures() {
    isNew(root);
    return pictures(List.of(root)).getFirst();
  }

  /** Returns the class folders, in no order; what else is in the root is left out. */
  List<Path> classFolders() {
    isNew(root);
    List<Path> folders = new ArrayList<>();
    List<Path> linked = new ArrayList<>();
    for (Path child : children(root)) {
      if (isOfSystem(child)) {
        continue;
      }
      if (Files.isDirectory(child)) {
        (Files.isSymbolicLink(child) ? linked : folders).add(child);
      } else {
        boolean picture = Files.isRegularFile(child) && ImageFolder.hasExtension(child);
        leaveOut(picture ? "pictures outside class folders" : kind(child), child);
      }
    }
    folders.forEach(this::isNew);
    linked.stream().filter(this::leadsOn).forEach(folders::add);
    return folders;
  }

  /** Returns the pictures in and below each of the folders, which count as visited; in no order. */
  List<List<Path>> pictures(List<Path> folders) {
    List<List<Path>> all = new ArrayList<>();
    for (Path folder : folders) {
      List<Path> found = new ArrayList<>();
      all.add(found);
      walk(folder, found);
    }
    while (!links.isEmpty()) {
      Link link = links.remove();
      if (leadsOn(link.path)) {
        walk(link.path, link.pictures);
      }
    }
    return all;
  }

  private void walk(Path folder, List<Path> found) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("stopped while looking for pictures");
    }
    for (Path child : children(folder)) {
      if (isOfSystem(child)) {
        continue;
      }
      if (Files.isDirectory(child)) {
        if (Files.isSymbolicLink(child)) {
          links.add(new Link(child, found));
        } else if (isNew(child)) {
          walk(child, found);
        }
      } else if (Files.isRegularFile(child) && ImageFolder.hasExtension(child)) {
        found.add(child);
      } else {
        leaveOut(kind(child), child);
      }
    }
  }

  /** Tells whether a folder was not visited yet; from now on it counts as visited. */
  private boolean isNew(Path folder) {
    try {
      return visited.add(folder.toRealPath());
    } catch (IOException e) {
      return true; // and listing it will tell why
    }
  }

  /** Tells whether a link to a folder is to be followed; if not, it is left out. */
  private boolean leadsOn(Path link) {
    try {
      Path target = link.toRealPath();
      Path holder = link.resolveSibling("").toRealPath();
      if (holder.startsWith(target) || root.toRealPath().startsWith(target)) {
        leaveOut("links to a folder above", link);
        return false;
      }
      if (!visited.add(target)) {
        leaveOut("links to a folder that is taken already", link);
        return false;
      }
      return true;
    } catch (IOException e) {
      unreadable.accept(cannotList(link, e));
      return false;
    }
  }

  private List<Path> children(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted(Comparator.comparing(Path::toString)).toList();
    } catch (IOException | UncheckedIOException e) {
      unreadable.accept(cannotList(folder, e));
      return List.of();
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
    if (Files.isSymbolicLink(file) && !Files.exists(file)) {
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
  public List<LeftOut> leftOut() {
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .map(
            e ->
                new LeftOut(e.getKey(), e.getValue(), examples.getOrDefault(e.getKey(), List.of())))
        .toList();
  }
}
