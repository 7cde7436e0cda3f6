package dev.tidewal.crds;

/** Regular expressions (RE2) of values, so that the API server refuses a typing error at once. */
final class Patterns {
  static final String DURATION = "^(0|([0-9]+(\\.[0-9]+)?(ms|s|m|h|d))+)$";
  static final String SIZE = "^[0-9]+(\\.[0-9]+)?([KMGT]i?B?|B)?$";
  static final String DNS_LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
  static final String DNS_NAME = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";
  static final String ABSOLUTE_PATH = "^/.+";
  static final String URL_OR_HOST = "^(https?://)?[A-Za-z0-9.\\[\\]:_-]+(/.*)?$";

  /** Parts between slashes: {pod} alone, or text with the other variables in it. */
  static final String PREFIX =
      "^([{]pod[}]|([^/{}]|[{](namespace|name|database)[}])*)"
          + "(/([{]pod[}]|([^/{}]|[{](namespace|name|database)[}])*))*$";

  private Patterns() {}
}
