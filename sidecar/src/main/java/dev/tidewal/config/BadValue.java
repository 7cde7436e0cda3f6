package dev.tidewal.config;

/**
 * A value that its type refuses; becomes an error with file, line and key where the key is known.
 */
final class BadValue extends Exception {
  private final YamlNode node;

  /**
   * A complaint.
   *
   * @param node the value, which has the line
   * @param problem goes on after key and value: "is not a duration: ..."
   */
  BadValue(YamlNode node, String problem) {
    super(problem);
    this.node = node;
  }

  YamlNode node() {
    return node;
  }
}
