package dev.tidewal.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The operator's packages of docs/design.md, held. */
class OperatorArchitectureTest {
  /** From top to bottom; a package uses only packages of rows below its own. */
  private static final List<Set<String>> ROWS =
      List.of(
          Set.of("reconcile", "webhook", "position"),
          Set.of("inject", "cosi"),
          Set.of("sidecar", "certs"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tidewal.operator");

  @Test
  void aPackageUsesOnlyRowsBelowItsOwn() {
    for (int row = 0; row < ROWS.size(); row++) {
      for (String name : ROWS.get(row)) {
        List<String> others = new ArrayList<>(List.of("dev.tidewal.operator"));
        ROWS.subList(0, row + 1).stream()
            .flatMap(Set::stream)
            .filter(other -> !other.equals(name))
            .forEach(other -> others.add("dev.tidewal.operator." + other + ".."));
        noClasses()
            .that()
            .resideInAPackage("dev.tidewal.operator." + name + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(others.toArray(String[]::new))
            .check(CLASSES);
      }
    }
  }

  @Test
  void whatDecidesOnPodsAsksNobody() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.tidewal.operator.inject..", "dev.tidewal.operator.sidecar..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8.kubernetes.client.dsl..", "java.net..", "java.nio.file..")
        .check(CLASSES);
  }

  @Test
  void theOperatorKnowsNothingOfTheSidecarsInside() {
    noClasses()
        .that()
        .resideInAPackage("dev.tidewal.operator..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.tidewal.cli..",
            "dev.tidewal.config..",
            "dev.tidewal.supervisor..",
            "dev.tidewal.replica..",
            "dev.tidewal.ltx..",
            "dev.tidewal.fence..")
        .check(CLASSES);
  }

  @Test
  void everyPackageIntroducesItselfAndHasItsRow() {
    Set<String> known = ROWS.stream().flatMap(Set::stream).collect(Collectors.toSet());
    CLASSES.stream()
        .map(type -> type.getPackage())
        .distinct()
        .forEach(each -> {
          assertThat(each.tryGetAnnotationOfType(NullMarked.class)).as(each.getName()).isPresent();
          String name = each.getName().replace("dev.tidewal.operator", "");
          assertThat(name.isEmpty() || known.contains(name.substring(1)))
              .as("row of " + each.getName())
              .isTrue();
        });
  }
}
