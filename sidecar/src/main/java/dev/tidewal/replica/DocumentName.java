package dev.tidewal.replica;

import java.util.regex.Pattern;

/** What a control document may be called: a plain file name that no store can misread. */
final class DocumentName {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private DocumentName() {}

  static boolean isValid(String name) {
    return NAME.matcher(name).matches();
  }

  static String checked(String name) {
    if (!isValid(name)) {
      throw new IllegalArgumentException("not a document name: " + name);
    }
    return name;
  }
}
