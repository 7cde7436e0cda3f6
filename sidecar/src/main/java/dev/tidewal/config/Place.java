package dev.tidewal.config;

import java.util.List;
import java.util.stream.Stream;

/** The three kinds of maps in tidewal.yml. */
enum Place {
  TOP("top level"),
  DATABASE("a database"),
  DESTINATION("a destination");

  private final String shown;

  Place(String shown) {
    this.shown = shown;
  }

  String shown() {
    return shown;
  }

  /** The keys that belong here. */
  List<Key<?>> own() {
    return switch (this) {
      case TOP -> Keys.TOP;
      case DATABASE -> Keys.DATABASE;
      case DESTINATION -> Keys.DESTINATION;
    };
  }

  /** The keys that may stand here, those among them that are defaults for what is inside too. */
  List<Key<?>> allowed() {
    Stream<Key<?>> inner =
        switch (this) {
          case TOP -> Stream.concat(Keys.DATABASE.stream(), Keys.DESTINATION.stream());
          case DATABASE -> Keys.DESTINATION.stream();
          case DESTINATION -> Stream.empty();
        };
    return Stream.concat(own().stream(), inner.filter(Key::inherited)).toList();
  }
}
