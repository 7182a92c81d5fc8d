package dev.thumbnet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The arrows between ThumbNet's packages point one way, and its libraries stay at the rim. */
final class ArchitectureTest {

  private static final String ROOT = "dev.thumbnet";
  private static final String CLI = ROOT + ".cli..";
  private static final String EXPERIMENT = ROOT + ".experiment..";

  private static final JavaClasses THUMBNET =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/dev/thumbnet/engine/"))
          .importPackages(ROOT);

  private static void check(ArchRule rule) {
    rule.check(THUMBNET);
  }

  @Test
  void networksAndLossesKnowNothingOfDataAndTraining() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".model..", ROOT + ".loss..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                ROOT + ".data..", ROOT + ".train..", ROOT + ".rival..", EXPERIMENT, CLI));
  }

  @Test
  void dataKnowsNothingOfNetworksAndTraining() {
    check(
        noClasses()
            .that()
            .resideInAPackage(ROOT + ".data..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                ROOT + ".model..",
                ROOT + ".loss..",
                ROOT + ".train..",
                ROOT + ".rival..",
                EXPERIMENT,
                CLI));
  }

  @Test
  void nobodyUsesTheCommandLine() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(CLI)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CLI));
  }

  @Test
  void onlyTheCommandLineUsesExperiments() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(CLI, EXPERIMENT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(EXPERIMENT));
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

  @Test
  void packagesAreFreeOfCycles() {
    check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
  }
}
