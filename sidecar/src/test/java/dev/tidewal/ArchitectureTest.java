package dev.tidewal;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The package graph of docs/design.md, held. */
class ArchitectureTest {
  /** From top to bottom; a package uses only packages of rows below its own. */
  private static final List<Set<String>> ROWS =
      List.of(
          Set.of("cli"),
          Set.of("serve", "report"),
          Set.of("supervisor"),
          Set.of("config"),
          Set.of("replicate", "compact", "restore"),
          Set.of("database", "fence", "legacy"),
          Set.of("replica", "state"),
          Set.of("ltx", "wal"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tidewal");

  @Test
  void aPackageUsesOnlyRowsBelowItsOwn() {
    for (int row = 0; row < ROWS.size(); row++) {
      for (String name : ROWS.get(row)) {
        noClasses()
            .that()
            .resideInAPackage("dev.tidewal." + name + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(besideOrAbove(name, row))
            .allowEmptyShould(true)
            .because(name + " may use only rows below it (docs/design.md, Packages)")
            .check(CLASSES);
      }
    }
  }

  @Test
  void coreUsesNothingOfTheSidecar() {
    noClasses()
        .that()
        .resideInAPackage("dev.tidewal.core..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(besideOrAbove("core", ROWS.size() - 1))
        .check(CLASSES);
  }

  @Test
  void everyPackageHasItsRow() {
    Set<String> known =
        ROWS.stream().flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new));
    known.add("core");

    Set<String> found =
        CLASSES.stream()
            .map(type -> type.getPackageName().split("\\.", -1)[2])
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(known).containsAll(found);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("dev.tidewal.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void everyPackageIntroducesItselfAndIsNullMarked() {
    Set<JavaPackage> packages =
        CLASSES.stream().map(type -> type.getPackage()).collect(Collectors.toSet());

    for (JavaPackage each : packages) {
      assertThat(each.tryGetAnnotationOfType(NullMarked.class))
          .as("package-info.java with @NullMarked in " + each.getName())
          .isPresent();
    }
  }

  @Test
  void onlyTheCommandEndsTheProcess() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tidewal.cli")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandKnowsWhereLogsGo() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tidewal.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "org.slf4j..")
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandWritesToTheTerminal() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tidewal.cli..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  @Test
  void onlyTheReplicaPackageKnowsTheVendorsSdk() {
    classes()
        .that()
        .resideOutsideOfPackage("dev.tidewal.replica..")
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackage("software.amazon..")
        .check(CLASSES);
  }

  private static String[] besideOrAbove(String name, int row) {
    List<String> packages = new ArrayList<>();
    ROWS.subList(0, row + 1).forEach(packages::addAll);
    packages.remove(name);
    return packages.stream().map(other -> "dev.tidewal." + other + "..").toArray(String[]::new);
  }
}
