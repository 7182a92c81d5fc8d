package dev.thumbnet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.domain.properties.HasModifiers;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import dev.thumbnet.pipeline.CompiledModel;
import dev.thumbnet.pipeline.TrainedDownscaler;
import dev.thumbnet.pipeline.TrainedModel;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The arrows between ThumbNet's packages point one way, and its libraries stay at the rim. */
final class ArchitectureTest {

  private static final String ROOT = "dev.thumbnet";
  private static final String CLI = ROOT + ".cli..";
  private static final String EXPERIMENT = ROOT + ".experiment..";

  /** Each package of the house, and which others it may know. The engine is below all of them. */
  private static final Map<String, List<String>> ARROWS = new LinkedHashMap<>();

  static {
    ARROWS.put("data.image.format", List.of());
    ARROWS.put("data.image.vp8l", List.of("data.image.format"));
    ARROWS.put("data.image.jpeg", List.of());
    ARROWS.put("data.image", List.of("data.image.format", "data.image.vp8l", "data.image.jpeg"));
    ARROWS.put("data.transform", List.of("data.image"));
    ARROWS.put("data", List.of("data.image", "data.transform"));
    ARROWS.put("data.synthetic", List.of("data.image", "data"));
    ARROWS.put("loss", List.of());
    ARROWS.put("model.layer", List.of());
    ARROWS.put("model", List.of("model.layer"));
    // The finished product does not know how it is measured: an application that embeds it needs
    // no accuracies. Measuring needs models to measure.
    ARROWS.put("pipeline", with(List.of("model"), "data.image", "data.transform", "data"));
    ARROWS.put("measure", with(ARROWS.get("pipeline"), "pipeline"));
    // No model: the loop knows neither teacher nor downscaler nor student.
    ARROWS.put("train", List.of("data.image", "data.transform", "data", "pipeline", "measure"));
    ARROWS.put("method", with(ARROWS.get("measure"), "measure", "train", "loss"));
    // The packages inside; that they do not know each other is a test of its own.
    ARROWS.put("method.*", with(ARROWS.get("method"), "method"));
    // The few classes for applications.
    ARROWS.put("", with(ARROWS.get("pipeline"), "pipeline"));
    // What methods found, without how: only epochs, recipes and who they were.
    ARROWS.put("experiment.results", List.of("model", "measure", "train", "method", "method.*"));
    // Reports show what is in the results and know no training.
    ARROWS.put(
        "experiment.report", List.of("data.image", "measure", "method", "experiment.results"));
    ARROWS.put("experiment", List.copyOf(ARROWS.keySet()));
    ARROWS.put("cli.terminal", List.of("experiment.report"));
    ARROWS.put("cli.process", List.of());
    ARROWS.put("cli.picture", List.of("data.image", "data"));
    ARROWS.put("cli.option", List.of("data.image", "data", "model", "train"));
    ARROWS.put("cli", List.copyOf(ARROWS.keySet()));
  }

  private static final JavaClasses THUMBNET =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/dev/thumbnet/engine/"))
          .importPackages(ROOT);

  private static List<String> with(List<String> some, String... more) {
    return Stream.concat(some.stream(), Arrays.stream(more)).toList();
  }

  private static void check(ArchRule rule) {
    rule.check(THUMBNET);
  }

  @Test
  void arrowsPointOneWay() {
    LayeredArchitecture house = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String name : ARROWS.keySet()) {
      house = house.layer("/" + name).definedBy(name.isEmpty() ? ROOT : ROOT + "." + name);
    }
    for (Map.Entry<String, List<String>> arrow : ARROWS.entrySet()) {
      String[] known = arrow.getValue().stream().map(to -> "/" + to).toArray(String[]::new);
      house =
          known.length == 0
              ? house.whereLayer("/" + arrow.getKey()).mayNotAccessAnyLayer()
              : house.whereLayer("/" + arrow.getKey()).mayOnlyAccessLayers(known);
    }
    check(house);
  }

  @Test
  void everyPackageHasItsArrows() {
    String[] known =
        ARROWS.keySet().stream()
            .map(name -> name.isEmpty() ? ROOT : ROOT + "." + name)
            .toArray(String[]::new);
    check(noClasses().should().resideOutsideOfPackages(known));
  }

  /** The first format of results knew the paper's methods; everything after it goes by keys. */
  @Test
  void onlyTheFirstFormatOfResultsKnowsSingleMethods() {
    check(
        noClasses()
            .that()
            .resideInAPackage(ROOT + ".experiment.results..")
            .and()
            .haveSimpleNameNotStartingWith("FirstFormat")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".method.*.."));
  }

  @Test
  void methodsDoNotKnowEachOther() {
    check(slices().matching(ROOT + ".method.(*)..").should().notDependOnEachOther());
  }

  @Test
  void theLoopKnowsNoFinishedModel() {
    check(
        noClasses()
            .that()
            .resideInAPackage(ROOT + ".train..")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(TrainedModel.class, TrainedDownscaler.class, CompiledModel.class));
  }

  @Test
  void onlyTheCommandLineImportsPicocliAndProgressbar() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(CLI)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..", "me.tongfei.progressbar.."));
  }

  @Test
  void onlyReportsImportChartsAndJson() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(CLI, EXPERIMENT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.knowm.xchart..", "tools.jackson..", "com.fasterxml.."));
  }

  /** As javac's lint "exports" would, which is off, see the parent's pom. */
  @Test
  void signaturesShowExportedTypesOnly() throws IOException {
    Set<String> exported = new HashSet<>();
    for (String module : List.of("thumbnet", "engine")) {
      Path file = Path.of("..", module, "target/classes/module-info.class");
      try (InputStream in = Files.newInputStream(file)) {
        ModuleDescriptor.read(in).exports().forEach(e -> exported.add(e.source()));
      }
    }
    List<String> hidden =
        THUMBNET.stream()
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
    assertThat(exported).contains(ROOT, ROOT + ".pipeline");
    assertThat(hidden).isEmpty();
  }

  private static boolean isVisible(HasModifiers what) {
    return what.getModifiers().contains(JavaModifier.PUBLIC)
        || what.getModifiers().contains(JavaModifier.PROTECTED);
  }

  /** In any other package the compiler would not look for null, see the parent's pom. */
  @Test
  void everyPackageIsNullMarked() {
    List<String> unmarked =
        THUMBNET.stream()
            .map(JavaClass::getPackage)
            .distinct()
            .filter(found -> !found.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .toList();
    assertThat(unmarked).isEmpty();
  }

  @Test
  void packagesAreFreeOfCycles() {
    check(slices().matching(ROOT + ".(**)").should().beFreeOfCycles());
  }
}
