import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Fails when a test was skipped that must not be: a build on a machine without, say, vectors would
 * otherwise be green although it tested little. Argument: a module's folder of Surefire's reports.
 */
final class Skipped {

  /**
   * They need pictures or models that are no part of the project, a GPU, a compiler for C++, or
   * objdump and AVX-512.
   */
  private static final Set<String> ALLOWED =
      Set.of(
          "dev.thumbnet.data.image.AwkwardFilesTest",
          "dev.thumbnet.data.image.jpeg.JpegFoldersTest",
          "dev.thumbnet.engine.CudaTrainingTest",
          "dev.thumbnet.engine.backend.CudaContractTest",
          "dev.thumbnet.engine.backend.CudaLaunchesTest",
          "dev.thumbnet.engine.backend.CudaOnHostContractTest",
          "dev.thumbnet.engine.backend.cpu.vector.code.CodeShapeTest",
          "dev.thumbnet.engine.backend.cuda.CudaBackendTest",
          "dev.thumbnet.engine.backend.cuda.CudaMemoryTest",
          "dev.thumbnet.engine.onnx.OnnxCasesTest",
          "dev.thumbnet.model.OnnxNetworksTest");

  private Skipped() {}

  public static void main(String[] args) throws Exception {
    int forbidden = 0;
    DocumentBuilder parser = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
    for (Path report : reports(Path.of(args[0]))) {
      Element suite = parser.parse(report.toFile()).getDocumentElement();
      NodeList skipped = suite.getElementsByTagName("skipped");
      for (int i = 0; i < skipped.getLength(); i++) {
        Element test = (Element) skipped.item(i).getParentNode();
        // Not the test's own class name, which may be that of an interface it was inherited from.
        String name = suite.getAttribute("name");
        boolean allowed = ALLOWED.contains(name);
        forbidden += allowed ? 0 : 1;
        System.err.printf(
            "%s %s.%s: %s%n",
            allowed ? "Skipped" : "Must not be skipped:",
            name,
            test.getAttribute("name"),
            skipped.item(i).getTextContent().strip().lines().findFirst().orElse("no reason given"));
      }
    }
    System.exit(forbidden == 0 ? 0 : 1);
  }

  private static List<Path> reports(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().matches("TEST-.*\\.xml"))
          .sorted()
          .toList();
    }
  }
}
