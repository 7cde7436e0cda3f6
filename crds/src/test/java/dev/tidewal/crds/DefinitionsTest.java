package dev.tidewal.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.CustomResource;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is committed is what the records say. {@code make crds} writes it anew. */
class DefinitionsTest {
  @ParameterizedTest
  @ValueSource(classes = {SqliteReplication.class, SqliteCheckpoint.class})
  void committedDefinitionsAreThoseOfTheRecords(Class<? extends CustomResource<?, ?>> kind)
      throws Exception {
    String definition = Definitions.of(kind);
    if (Boolean.getBoolean("crds.write")) {
      Files.createDirectories(Definitions.COMMITTED);
      Files.writeString(Definitions.file(kind), definition);
    }

    assertThat(Definitions.file(kind)).as("run `make crds`").hasContent(definition);
  }

  @Test
  void everyFieldOfAReplicationHasItsDescription() throws Exception {
    JsonNode schema =
        new YAMLMapper()
            .readTree(Definitions.of(SqliteReplication.class))
            .at("/spec/versions/0/schema/openAPIV3Schema");
    List<String> silent = new ArrayList<>();

    collectSilent("", schema, silent);

    assertThat(silent).isEmpty();
  }

  @Test
  void columnsComeAsAPersonReadsThem() throws Exception {
    JsonNode columns =
        new YAMLMapper()
            .readTree(Definitions.of(SqliteReplication.class))
            .at("/spec/versions/0/additionalPrinterColumns");

    assertThat(columns.findValuesAsText("name"))
        .containsExactly(
            "Ready", "Phase", "Lag", "Durable", "Last-Snapshot", "Age", "Txid", "Bucket", "Pod");
  }

  @Test
  void aPrefixIsCheckedBeforeItIsStored() throws Exception {
    assertThat(rules("destinations/items"))
        .contains(
            "!has(self.prefix) || self.prefix.contains('{database}')",
            "!has(self.prefix) || self.prefix.matches('" + Patterns.PREFIX + "')",
            "!has(self.prefix) || !self.prefix.contains('..')");
  }

  @ParameterizedTest
  @CsvSource({
    "{namespace}/{name}/{pod}/{database}, true",
    "/backups/{pod}/{database}/, true",
    "{database}/{pod}, true",
    "all-{namespace}.{name}/x{database}, true",
    "{database}-{pod}, false",
    "pod-{pod}/{database}, false",
    "{pod}{pod}/{database}, false",
    "{databse}/{database}, false",
    "{database, false",
    "database}, false"
  })
  void aPrefixHasPodsAlone(String prefix, boolean isGood) throws Exception {
    String rule =
        rules("destinations/items").stream()
            .filter(text -> text.contains("matches"))
            .findFirst()
            .orElseThrow();
    Matcher expression = Pattern.compile("matches\\('(.*)'\\)").matcher(rule);
    assertThat(expression.find()).isTrue();

    assertThat(prefix.matches(expression.group(1))).isEqualTo(isGood);
  }

  @Test
  void aFileDestinationHasItsPath() throws Exception {
    JsonNode file = spec().at("/destinations/items/properties/file");

    assertThat(file.path("required").toString()).isEqualTo("[\"path\"]");
    assertThat(rules("destinations/items/properties/file"))
        .containsExactly("!self.path.contains('..')");
  }

  @Test
  void fencingOffersWhatTheSidecarCanDo() throws Exception {
    assertThat(spec().at("/fencing/properties").properties())
        .extracting(field -> field.getKey())
        .containsExactly("overlap");
  }

  private static JsonNode spec() throws Exception {
    return new YAMLMapper()
        .readTree(Definitions.of(SqliteReplication.class))
        .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties");
  }

  private static List<String> rules(String path) throws Exception {
    return spec().at("/" + path).path("x-kubernetes-validations").findValuesAsText("rule");
  }

  /**
   * Fields of Kubernetes' own types, which kubectl explains elsewhere, are not ours to describe.
   */
  private static void collectSilent(String path, JsonNode schema, List<String> silent) {
    schema
        .path("properties")
        .properties()
        .forEach(field -> {
          String name = path + "." + field.getKey();
          if (!field.getValue().has("description")) {
            silent.add(name);
          }
          if (!name.equals(".spec.sidecar.resources") && !name.equals(".status.conditions")) {
            collectSilent(name, field.getValue(), silent);
            collectSilent(name + "[]", field.getValue().path("items"), silent);
          }
        });
  }
}
