package dev.tidewal.database;

import java.io.IOException;

/** Where the pages of a capture are, and how to read them in ascending order, again and again. */
interface CapturedPages {
  /** How many pages {@link #forEach} reports. */
  long count();

  void forEach(PageSink sink) throws IOException;
}
