package dev.thumbnet.engine.backend.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.backend.DeviceException;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where libraries are looked for; none is really loaded. */
class LibrarySearchTest {
  @TempDir Path root;

  private final Map<String, String> environment = new HashMap<>();
  private final List<String> loaded = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private final List<String> known = new ArrayList<>(); // to the system's loader

  private LibrarySearch search(String property) {
    return new LibrarySearch(
        property, environment, root.resolve("home"), List.of(root.resolve("system")), this::load);
  }

  private SymbolLookup load(String pathOrName) {
    boolean found = known.contains(pathOrName) || Files.isRegularFile(Path.of(pathOrName));
    if (!found || broken.contains(pathOrName)) {
      throw new IllegalArgumentException("Cannot open library: " + pathOrName);
    }
    loaded.add(pathOrName);
    return name -> Optional.empty();
  }

  private String file(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    return file.toString();
  }

  private String folder(String path) {
    return root.resolve(path).toString();
  }

  @Test
  void goesFromTheNearestFolderToTheFarthest() throws IOException {
    List<String> inOrder =
        List.of(
            file("mine/libcudnn.so.9"),
            file("ld/libcudnn.so.9"),
            file("cuda/lib64/libcudnn.so.9"),
            file("cuda/lib/libcudnn.so.9"),
            file("venv/lib/python3.12/site-packages/nvidia/cudnn/lib/libcudnn.so.9"),
            file("conda/lib/python3.9/site-packages/nvidia/cudnn/lib/libcudnn.so.9"),
            file("usr/lib/python3/dist-packages/nvidia/cudnn/lib/libcudnn.so.9"),
            file("home/.local/lib/python3.13/site-packages/nvidia/cu13/lib/libcudnn.so.9"),
            "libcudnn.so.9",
            file("system/libcudnn.so.9"));
    file("usr/bin/python3");
    known.add("libcudnn.so.9");
    environment.put("LD_LIBRARY_PATH", folder("ld"));
    environment.put("CUDA_HOME", folder("cuda"));
    environment.put("VIRTUAL_ENV", folder("venv"));
    environment.put("CONDA_PREFIX", folder("conda"));
    environment.put("PATH", folder("nothing") + File.pathSeparator + folder("usr/bin"));
    for (String expected : inOrder) {
      loaded.clear();
      search(folder("empty") + File.pathSeparator + folder("mine")).cudnn();
      assertThat(loaded).containsExactly(expected);
      known.remove(expected);
      Files.deleteIfExists(Path.of(expected));
    }
    assertThatThrownBy(() -> search(null).cudnn()).isInstanceOf(DeviceException.class);
  }

  @Test
  void prefersTheNewerCublas() throws IOException {
    file("mine/libcublas.so.12");
    String newer = file("mine/libcublas.so.13");
    search(folder("mine")).cublas();
    assertThat(loaded).containsExactly(newer);
  }

  @Test
  void loadsThePartsBefore() throws IOException {
    String part = file("mine/libcublasLt.so.13");
    String whole = file("mine/libcublas.so.13");
    String graph = file("mine/libcudnn_graph.so.9");
    String ops = file("mine/libcudnn_ops.so.9");
    String cnn = file("mine/libcudnn_cnn.so.9");
    String cudnn = file("mine/libcudnn.so.9");
    broken.add(ops); // then cuDNN must find it by itself
    LibrarySearch search = search(folder("mine"));
    search.cublas();
    search.cudnn();
    assertThat(loaded).containsExactly(part, whole, graph, cnn, cudnn);
  }

  @Test
  void goesOnAfterAFileThatCannotBeLoaded() throws IOException {
    broken.add(file("mine/libcudnn.so.9"));
    String good = file("system/libcudnn.so.9");
    search(folder("mine")).cudnn();
    assertThat(loaded).containsExactly(good);
  }

  @Test
  void theDriverIsNotAPackage() throws IOException {
    environment.put("VIRTUAL_ENV", folder("venv"));
    file("venv/lib/python3.12/site-packages/nvidia/driver/lib/libcuda.so.1");
    known.add("libcuda.so.1");
    search(null).driver();
    assertThat(loaded).containsExactly("libcuda.so.1");
  }

  @Test
  void tellsWhatWasLookedForAndWhere() throws IOException {
    String bad = file("mine/libcudnn.so.9");
    broken.add(bad);
    environment.put("CUDA_PATH", folder("cuda"));
    assertThatThrownBy(() -> search(folder("mine")).cudnn())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("cuDNN (libcudnn.so.9) was not found")
        .hasMessageContaining(bad + " (Cannot open library")
        .hasMessageContaining(folder("cuda/lib64"))
        .hasMessageContaining(folder("system"))
        .hasMessageContaining(LibrarySearch.PATH_PROPERTY);
    assertThatThrownBy(() -> search(null).cublas())
        .hasMessageContaining("libcublas.so.13 or libcublas.so.12");
    assertThatThrownBy(() -> search(null).driver()).hasMessageContaining("libcuda.so.1");
  }

  @Test
  void surviveStrangeVariables() {
    environment.put("LD_LIBRARY_PATH", "\0::" + File.pathSeparator + " ");
    environment.put("PATH", "/" + File.pathSeparator + "relative");
    assertThatThrownBy(() -> search("").cudnn()).isInstanceOf(DeviceException.class);
  }
}
