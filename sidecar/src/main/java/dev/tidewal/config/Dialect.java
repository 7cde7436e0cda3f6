package dev.tidewal.config;

/** Whose file it is; what Litestream lets pass, we let pass in its file with a note. */
enum Dialect {
  TIDEWAL,
  LITESTREAM
}
