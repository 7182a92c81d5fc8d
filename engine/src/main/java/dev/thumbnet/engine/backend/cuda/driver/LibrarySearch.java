package dev.thumbnet.engine.backend.cuda.driver;

import dev.thumbnet.engine.backend.DeviceException;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds and loads NVIDIA's libraries. They are searched for in this order, and the first that can
 * be loaded is taken:
 *
 * <ol>
 *   <li>the folders of the property {@value #PATH_PROPERTY},
 *   <li>those of the environment: {@code LD_LIBRARY_PATH}, {@code CUDA_HOME}, {@code CUDA_PATH},
 *   <li>packages of Python ({@code pip install nvidia-cudnn-cu13} and the like) in the virtual
 *       environment, beside the {@code python3} of the {@code PATH}, and in the home folder,
 *   <li>what the system's loader knows, and its usual folders.
 * </ol>
 *
 * <p>The driver belongs to the system and does not come in packages, so for it the third is left
 * out.
 */
final class LibrarySearch {
  /** Folders to look into first, separated like those of a class path. */
  static final String PATH_PROPERTY = "dev.thumbnet.engine.cuda.path";

  private static final List<String> DRIVER = List.of("libcuda.so.1");
  private static final List<String> CUBLAS = List.of("libcublas.so.13", "libcublas.so.12");
  private static final List<String> CUDNN = List.of("libcudnn.so.9");

  /** Loads cuDNN's parts first those that others need. */
  private static final List<String> CUDNN_PARTS =
      List.of(
          "libcudnn_graph.so.9",
          "libcudnn_ops.so.9",
          "libcudnn_engines_runtime_compiled.so.9",
          "libcudnn_engines_precompiled.so.9",
          "libcudnn_heuristic.so.9",
          "libcudnn_cnn.so.9");

  private static final List<Path> SYSTEM_FOLDERS =
      Stream.of(
              "/usr/local/cuda/lib64",
              "/usr/lib/x86_64-linux-gnu",
              "/usr/lib/aarch64-linux-gnu",
              "/usr/lib64",
              "/usr/lib",
              "/usr/local/nvidia/lib64",
              "/usr/lib/wsl/lib")
          .map(Path::of)
          .toList();

  private final @Nullable String property;
  private final Map<String, String> environment;
  private final Path home;
  private final List<Path> systemFolders;
  private final Function<String, SymbolLookup> loader;

  /**
   * @param property value of {@value #PATH_PROPERTY}
   * @param environment the variables of the process
   * @param home the user's folder
   * @param systemFolders where to look in the end
   * @param loader loads a library by its path or name, or throws an IllegalArgumentException
   */
  LibrarySearch(
      @Nullable String property,
      Map<String, String> environment,
      Path home,
      List<Path> systemFolders,
      Function<String, SymbolLookup> loader) {
    this.property = property;
    this.environment = environment;
    this.home = home;
    this.systemFolders = systemFolders;
    this.loader = loader;
  }

  /** Returns a search in this process. */
  static LibrarySearch ofSystem() {
    return new LibrarySearch(
        System.getProperty(PATH_PROPERTY),
        System.getenv(),
        Path.of(System.getProperty("user.home", ".")),
        SYSTEM_FOLDERS,
        LibrarySearch::load);
  }

  /** Libraries stay until the process ends: nobody knows which of their threads still run. */
  @SuppressWarnings("restricted") // that is what this package is for
  private static SymbolLookup load(String pathOrName) {
    return SymbolLookup.libraryLookup(pathOrName, Arena.global());
  }

  /**
   * Loads the driver.
   *
   * @throws DeviceException if it is not there; says where it was looked for
   */
  SymbolLookup driver() {
    return open(
        "The CUDA driver",
        DRIVER,
        List.of(),
        environmentFolders(),
        "It comes with the driver of an NVIDIA graphics card");
  }

  /**
   * Loads cuBLAS.
   *
   * @throws DeviceException if it is not there; says where it was looked for
   */
  SymbolLookup cublas() {
    return open(
        "cuBLAS",
        CUBLAS,
        List.of("libcublasLt.so.13", "libcublasLt.so.12"),
        foldersOfLibraries(),
        "It is part of the CUDA toolkit and of the Python package nvidia-cublas");
  }

  /**
   * Loads cuDNN, after cuBLAS, which it needs.
   *
   * @throws DeviceException if it is not there; says where it was looked for
   */
  SymbolLookup cudnn() {
    return open(
        "cuDNN",
        CUDNN,
        CUDNN_PARTS,
        foldersOfLibraries(),
        "It can be had from NVIDIA and as the Python package nvidia-cudnn-cu13");
  }

  /**
   * @param names of the library, the best first
   * @param parts libraries that it loads by name; they are loaded from its folder before, because
   *     the system's loader need not know that folder
   * @param folders where to look before the system does
   */
  private SymbolLookup open(
      String what, List<String> names, List<String> parts, List<Path> folders, String advice) {
    List<String> refused = new ArrayList<>();
    for (Path folder : folders) {
      for (String name : names) {
        SymbolLookup found = openIn(folder, name, parts, refused);
        if (found != null) {
          return found;
        }
      }
    }
    for (String name : names) {
      try {
        return loader.apply(name);
      } catch (IllegalArgumentException e) {
        // The loader does not know it; the usual folders are left.
      }
    }
    for (Path folder : systemFolders) {
      for (String name : names) {
        SymbolLookup found = openIn(folder, name, parts, refused);
        if (found != null) {
          return found;
        }
      }
    }
    throw new DeviceException(message(what, names, folders, refused, advice));
  }

  /** Returns a library if it is there; notes files that cannot be loaded. */
  private @Nullable SymbolLookup openIn(
      Path folder, String name, List<String> parts, List<String> refused) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    for (String part : parts) {
      if (Files.isRegularFile(folder.resolve(part))) {
        loadPart(folder.resolve(part));
      }
    }
    try {
      return loader.apply(file.toString());
    } catch (IllegalArgumentException e) {
      refused.add(file + " (" + e.getMessage() + ")");
      return null;
    }
  }

  /** The library itself will say whether it can do without. */
  private void loadPart(Path file) {
    try {
      loader.apply(file.toString());
    } catch (IllegalArgumentException e) {
      System.getLogger("dev.thumbnet.engine")
          .log(System.Logger.Level.DEBUG, "{0} cannot be loaded: {1}", file, e.getMessage());
    }
  }

  private String message(
      String what, List<String> names, List<Path> folders, List<String> refused, String advice) {
    StringBuilder text = new StringBuilder(what);
    text.append(" (").append(String.join(" or ", names)).append(") was not found. ");
    if (!refused.isEmpty()) {
      text.append("Cannot be loaded: ").append(String.join(", ", refused)).append(". ");
    }
    text.append("Looked in: ");
    folders.forEach(folder -> text.append(folder).append(", "));
    systemFolders.forEach(folder -> text.append(folder).append(", "));
    text.append("and what the system's loader knows. ").append(advice);
    text.append("; another folder can be given by the property ").append(PATH_PROPERTY);
    return text.append('.').toString();
  }

  /** Returns the folders of the property and of the environment, existing or not. */
  private List<Path> environmentFolders() {
    Set<Path> folders = new LinkedHashSet<>(paths(property));
    folders.addAll(paths(environment.get("LD_LIBRARY_PATH")));
    for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
      for (Path root : paths(environment.get(variable))) {
        folders.add(root.resolve("lib64"));
        folders.add(root.resolve("lib"));
      }
    }
    return List.copyOf(folders);
  }

  private List<Path> foldersOfLibraries() {
    Set<Path> folders = new LinkedHashSet<>(environmentFolders());
    for (Path prefix : pythonPrefixes()) {
      for (Path python : children(prefix.resolve("lib"), "python3*")) {
        for (Path packages : children(python, "{site,dist}-packages")) {
          for (Path vendor : children(packages.resolve("nvidia"), "*")) {
            folders.add(vendor.resolve("lib"));
          }
        }
      }
    }
    return List.copyOf(folders);
  }

  /** Returns the folders that contain the {@code lib} of a Python. */
  private Set<Path> pythonPrefixes() {
    Set<Path> prefixes = new LinkedHashSet<>();
    prefixes.addAll(paths(environment.get("VIRTUAL_ENV")));
    prefixes.addAll(paths(environment.get("CONDA_PREFIX")));
    for (Path folder : paths(environment.get("PATH"))) {
      if (Files.exists(folder.resolve("python3")) && folder.getParent() != null) {
        prefixes.add(folder.getParent());
      }
    }
    prefixes.add(home.resolve(".local"));
    return prefixes;
  }

  /** Splits a list of folders; leaves out what is no path. */
  private static List<Path> paths(@Nullable String list) {
    List<Path> paths = new ArrayList<>();
    for (String path : list == null ? new String[0] : list.split(File.pathSeparator)) {
      try {
        if (!path.isBlank()) {
          paths.add(Path.of(path));
        }
      } catch (InvalidPathException e) {
        // A variable may contain anything; such a folder cannot exist.
      }
    }
    return paths;
  }

  /** Returns what is in a folder, in a fixed order, or nothing if it cannot be read. */
  private static List<Path> children(Path folder, String glob) {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, glob)) {
      List<Path> paths = new ArrayList<>();
      stream.forEach(paths::add);
      paths.sort(null);
      return paths;
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
  }
}
