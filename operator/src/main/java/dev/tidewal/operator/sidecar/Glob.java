package dev.tidewal.operator.sidecar;

/**
 * A glob as the sidecar knows it: a directory, a pattern of file names, and whether to look below.
 *
 * @param directory absolute
 * @param pattern such as {@code *.db}
 * @param isRecursive two asterisks for the last directory
 */
record Glob(String directory, String pattern, boolean isRecursive) {
  /**
   * Reads {@code /data/*.db}; two asterisks for the last directory look below it.
   *
   * @throws IllegalArgumentException with the cure, for wildcards in directories
   */
  static Glob parse(String text) {
    int slash = text.lastIndexOf('/');
    String directory = text.substring(0, slash);
    boolean isRecursive = directory.endsWith("/**");
    if (isRecursive) {
      directory = directory.substring(0, directory.length() - "/**".length());
    }
    String pattern = text.substring(slash + 1);
    if (directory.isEmpty() || pattern.isEmpty() || directory.matches(".*[*?\\[{].*")) {
      throw new IllegalArgumentException(
          "glob "
              + text
              + ": wildcards stand in the file name only, as in /data/*.db, or /data/**/*.db to look"
              + " at any depth");
    }
    return new Glob(directory, pattern, isRecursive);
  }
}
