package dev.tidewal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyTablesTest {
  private static final Path PAGE = Path.of("../docs/operations.md");
  private static final String BEGIN = "<!-- keys: generated from config/Keys.java -->\n";
  private static final String END = "<!-- end of keys -->\n";

  @Test
  void theTablesOfKeysInTheDocumentationAreThoseOfTheCode() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertThat(end).as("markers in " + PAGE).isGreaterThanOrEqualTo(begin);
    String expected =
        page.substring(0, begin) + "\n" + KeyTables.markdown() + "\n" + page.substring(end);

    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PAGE, expected);
    } else {
      assertThat(page).as("stale: run the tests with -Ddocs.update=true").isEqualTo(expected);
    }
  }

  @Test
  void everyDefaultIsAValueOfItsKey() {
    Section empty =
        new Section(
            SourceFile.of("t.yml"),
            "",
            new YamlNode.Mapping(java.util.Map.of(), 1),
            Optional.empty());

    assertThat(allKeys().filter(key -> key.standard().isPresent()))
        .allSatisfy(key -> assertThat(empty.get(key)).isNotNull());
  }

  @Test
  void noKeyIsDeclaredTwiceInOnePlace() {
    assertThat(List.of(Place.values()))
        .allSatisfy(
            place -> assertThat(place.allowed()).extracting(Key::name).doesNotHaveDuplicates());
  }

  @Test
  void everyKeyThatLitestreamSharesOrRenamesIsAKeyHere() {
    List<String> known = allKeys().flatMap(key -> Stream.of(key.name(), key.firstName())).toList();

    assertThat(LitestreamKeys.TOP).allSatisfy(key -> assertKnown(known, key));
    assertThat(LitestreamKeys.DATABASE).allSatisfy(key -> assertKnown(known, key));
    assertThat(LitestreamKeys.REPLICA).allSatisfy(key -> assertKnown(known, key));
  }

  private static void assertKnown(List<String> known, LitestreamKey key) {
    switch (key) {
      case LitestreamKey.Same(String name) -> assertThat(known).contains(name);
      case LitestreamKey.Renamed(String _, String here) -> assertThat(known).contains(here);
      case LitestreamKey.NotNeeded _, LitestreamKey.Unsupported _, LitestreamKey.Refused _ -> {}
    }
  }

  private static Stream<Key<?>> allKeys() {
    return Stream.of(Keys.TOP, Keys.DATABASE, Keys.DESTINATION).flatMap(List::stream);
  }
}
