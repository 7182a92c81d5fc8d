package dev.thumbnet.engine;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.domain.properties.HasModifiers;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between the engine's packages point one way. */
final class ArchitectureTest {

  private static final String ROOT = "dev.thumbnet.engine";
  private static final String BACKEND_API = ROOT + ".backend";
  private static final String PROBLEMS = ROOT + ".backend.problem";
  private static final String CPU = ROOT + ".backend.cpu";
  private static final String OP = ROOT + ".op";
  private static final String[] BACKEND_IMPLEMENTATIONS = {
    ROOT + ".backend.reference..", ROOT + ".backend.cpu..", ROOT + ".backend.cuda.."
  };
  private static final String[] LAYERS_ABOVE_OP = {
    ROOT + ".nn..", ROOT + ".optim..", ROOT + ".plan..", ROOT + ".io..", ROOT + ".onnx.."
  };

  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  private static void check(ArchRule rule) {
    rule.check(ENGINE);
  }

  @Test
  void onlyTheVectorKernelsImportTheVectorApi() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".backend.cpu.vector..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.vector.."));
  }

  @Test
  void theVectorKernelsAreLoadedByNameOnly() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".backend.cpu.vector..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".backend.cpu.vector.."));
  }

  /** Two widths in one JVM and C2 makes vectors objects, see {@code Lanes}. */
  @Test
  void onlyOneClassChoosesTheWidthOfVectors() {
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + ".backend.cpu.vector.tile.LaneChoice")
            .should()
            .accessFieldWhere(
                JavaFieldAccess.Predicates.target(
                    HasName.Predicates.nameStartingWith("SPECIES_"))));
  }

  @Test
  void onlyTheLayerOfCudasLibrariesImportsForeignMemory() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".backend.cuda.driver")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.foreign.."));
  }

  @Test
  void nothingNeedsTheDesktopOrALibrary() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat(
                not(
                    resideInAnyPackage(
                        ROOT + "..",
                        "java.io..",
                        "java.lang..",
                        "java.math..",
                        "java.net..",
                        "java.nio..",
                        "java.security..",
                        "java.text..",
                        "java.time..",
                        "java.util..",
                        "jdk.incubator.vector..",
                        // annotations, which nobody needs to run
                        "org.jspecify.annotations.."))));
  }

  @Test
  void backendsKnowNothingOfTensors() {
    check(
        noClasses()
            .that()
            .resideInAPackage(BACKEND_API + "..")
            .should()
            .dependOnClassesThat(
                resideInAPackage(ROOT + "..").and(not(resideInAPackage(BACKEND_API + "..")))));
  }

  @Test
  void theBackendContractKnowsNoImplementation() {
    check(
        noClasses()
            .that()
            .resideInAPackage(BACKEND_API)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BACKEND_IMPLEMENTATIONS));
  }

  @Test
  void backendsDoNotKnowEachOther() {
    for (String backend : BACKEND_IMPLEMENTATIONS) {
      check(
          noClasses()
              .that()
              .resideInAPackage(backend)
              .should()
              .dependOnClassesThat(
                  resideInAnyPackage(BACKEND_IMPLEMENTATIONS).and(not(resideInAPackage(backend)))));
    }
  }

  @Test
  void problemsKnowNothingElse() {
    check(
        noClasses()
            .that()
            .resideInAPackage(PROBLEMS)
            .should()
            .dependOnClassesThat(
                resideInAPackage(ROOT + "..").and(not(resideInAPackage(PROBLEMS)))));
  }

  /** The micro-kernels know what is below all of the CPU's packages, and nothing of each other. */
  @Test
  void microKernelsKnowTheirInterfacesOnly() {
    for (String kernels : List.of("vector", "scalar")) {
      check(
          noClasses()
              .that()
              .resideInAPackage(CPU + "." + kernels + "..")
              .should()
              .dependOnClassesThat(
                  resideInAPackage(CPU + "..")
                      .and(
                          not(resideInAnyPackage(CPU + "." + kernels + "..", CPU + ".kernel..")))));
    }
  }

  /** Backend, then algorithms, then the threads and arrays they run on, then interfaces. */
  @Test
  void insideTheCpuBackendArrowsPointDown() {
    check(
        layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(CPU + "..")
            .layer("backend")
            .definedBy(CPU)
            .layer("winograd")
            .definedBy(CPU + ".winograd")
            .layer("gradient")
            .definedBy(CPU + ".gradient")
            .layer("conv")
            .definedBy(CPU + ".conv")
            .layer("pass")
            .definedBy(CPU + ".pass")
            .layer("runtime")
            .definedBy(CPU + ".runtime")
            .layer("kernel")
            .definedBy(CPU + ".kernel", CPU + ".vector..", CPU + ".scalar")
            .whereLayer("backend")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("winograd")
            .mayOnlyBeAccessedByLayers("backend")
            .whereLayer("gradient")
            .mayOnlyBeAccessedByLayers("backend", "winograd")
            .whereLayer("conv")
            .mayOnlyBeAccessedByLayers("backend", "winograd", "gradient")
            .whereLayer("pass")
            .mayOnlyBeAccessedByLayers("backend")
            .whereLayer("runtime")
            .mayOnlyBeAccessedByLayers("backend", "winograd", "gradient", "conv", "pass"));
  }

  @Test
  void onlyDeviceChoosesABackend() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(BACKEND_API + "..")
            .and()
            .haveNameNotMatching("dev\\.thumbnet\\.engine\\.Device(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BACKEND_IMPLEMENTATIONS));
  }

  @Test
  void tensorsAndOpsKnowNothingAboveThem() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(ROOT, ROOT + ".op..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(LAYERS_ABOVE_OP));
  }

  /** The public operations, then single ones, then what a trace makes of them. */
  @Test
  void insideTheOperationsArrowsPointDown() {
    check(
        layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(OP + "..")
            .layer("op")
            .definedBy(OP)
            .layer("elementwise")
            .definedBy(OP + ".elementwise")
            .layer("axis")
            .definedBy(OP + ".axis")
            .layer("trace")
            .definedBy(OP + ".trace")
            .whereLayer("op")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("elementwise")
            .mayOnlyBeAccessedByLayers("op")
            .whereLayer("axis")
            .mayOnlyBeAccessedByLayers("op"));
  }

  /**
   * They may use the problem records. The plan is the exception: it records and replays kernels.
   */
  @Test
  void networksOptimizersAndFormatsReachKernelsThroughTensors() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".nn..", ROOT + ".optim..", ROOT + ".io..", ROOT + ".onnx..")
            .should()
            .dependOnClassesThat(
                resideInAPackage(BACKEND_API + "..").and(not(resideInAPackage(PROBLEMS)))));
  }

  /** Whole networks are above single weights: ONNX arranges them and writes files as io does. */
  @Test
  void fileFormatsKnowNeitherPlansNorOptimizers() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".io..", ROOT + ".onnx..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + ".plan..", ROOT + ".optim.."));
    check(
        noClasses()
            .that()
            .resideInAPackage(ROOT + ".io..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".onnx.."));
  }

  /** Models as modules, then operators, then values and how they lie in memory, then files. */
  @Test
  void insideOnnxArrowsPointDown() {
    String onnx = ROOT + ".onnx";
    check(
        layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(onnx + "..")
            .layer("onnx")
            .definedBy(onnx)
            .layer("operator")
            .definedBy(onnx + ".operator")
            .layer("value")
            .definedBy(onnx + ".value")
            .layer("file")
            .definedBy(onnx + ".file")
            .whereLayer("onnx")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("operator")
            .mayOnlyBeAccessedByLayers("onnx")
            .whereLayer("value")
            .mayOnlyBeAccessedByLayers("onnx", "operator"));
  }

  /** In any other package the compiler would not look for null, see the parent's pom. */
  @Test
  void everyPackageIsNullMarked() {
    List<String> unmarked =
        ENGINE.stream()
            .map(JavaClass::getPackage)
            .distinct()
            .filter(found -> !found.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .toList();
    assertThat(unmarked).isEmpty();
  }

  /** As javac's lint "exports" would, which is off, see the parent's pom. */
  @Test
  void signaturesShowExportedTypesOnly() throws IOException {
    Set<String> exported = new HashSet<>();
    try (InputStream in = Files.newInputStream(Path.of("target/classes/module-info.class"))) {
      ModuleDescriptor.read(in).exports().forEach(e -> exported.add(e.source()));
    }
    List<String> hidden =
        ENGINE.stream()
            .filter(type -> exported.contains(type.getPackageName()) && isVisible(type))
            .flatMap(type -> type.getMembers().stream())
            .filter(ArchitectureTest::isVisible)
            .flatMap(
                member ->
                    member.getAllInvolvedRawTypes().stream()
                        .map(JavaClass::getBaseComponentType)
                        .filter(used -> used.getPackageName().startsWith(ROOT))
                        .filter(used -> !exported.contains(used.getPackageName()))
                        .map(used -> member.getFullName() + " shows " + used.getName()))
            .toList();
    assertThat(exported).contains(ROOT, OP);
    assertThat(hidden).isEmpty();
  }

  private static boolean isVisible(HasModifiers what) {
    return what.getModifiers().contains(JavaModifier.PUBLIC)
        || what.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static List<Path> sources(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  /** A folder is read as a whole, and so is a class. Generated tiles are not read. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "../engine/src/main",
        "../thumbnet/src/main",
        "../bench/src/main",
        "../bench/src/peers"
      })
  void noFolderAndNoClassIsLongerThanOneCanRead(String folder) throws IOException {
    Map<Path, Integer> files = new TreeMap<>();
    Map<Path, Integer> lines = new TreeMap<>();
    for (Path file : sources(Path.of(folder))) {
      files.merge(file.getParent(), 1, Integer::sum);
      List<String> text = Files.readAllLines(file);
      if (!text.getFirst().startsWith("// Generated")) {
        lines.put(file, text.size());
      }
    }
    assertThat(files)
        .isNotEmpty()
        .allSatisfy((_, count) -> assertThat(count).isLessThanOrEqualTo(22));
    assertThat(lines).allSatisfy((_, count) -> assertThat(count).isLessThanOrEqualTo(500));
  }

  @Test
  void packagesAreFreeOfCycles() {
    check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
  }
}
