package dev.tidewal.config;

import java.util.Optional;

/**
 * A key of tidewal.yml: what the parser reads and the table of keys shows.
 *
 * @param name dotted where it lies in a map of its own: {@code snapshot.interval}
 * @param standard the value when it is not set, as it would be written; empty = none
 * @param shownDefault what the table says instead where there is no standard value
 * @param inherited whether it may also stand further out, as the default of everything inside
 * @param alias another name that is taken as well and not shown; empty = none
 * @param meaning one sentence for the table
 */
record Key<T>(
    String name,
    ValueType<T> type,
    Optional<String> standard,
    String shownDefault,
    boolean inherited,
    Optional<String> alias,
    String meaning) {

  static <T> Key<T> withDefault(String name, ValueType<T> type, String standard, String meaning) {
    return new Key<>(name, type, Optional.of(standard), standard, false, Optional.empty(), meaning);
  }

  static <T> Key<T> optional(String name, ValueType<T> type, String shownDefault, String meaning) {
    return new Key<>(name, type, Optional.empty(), shownDefault, false, Optional.empty(), meaning);
  }

  Key<T> orFurtherOut() {
    return new Key<>(name, type, standard, shownDefault, true, alias, meaning);
  }

  Key<T> orCalled(String other) {
    return new Key<>(name, type, standard, shownDefault, inherited, Optional.of(other), meaning);
  }

  /** Whether a key of a map, or what is before its inner keys, is this one. */
  boolean isCalled(String first) {
    return firstName().equals(first) || alias.filter(first::equals).isPresent();
  }

  /** The part before the dot, or the whole name. */
  String firstName() {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** The part after the dot, if there is one. */
  Optional<String> secondName() {
    int dot = name.indexOf('.');
    return dot < 0 ? Optional.empty() : Optional.of(name.substring(dot + 1));
  }
}
