package dev.tidewal.replicate;

import dev.tidewal.database.Capture;
import java.io.IOException;

/** The pages of a capture where they are: in the WAL and the database file. */
record CapturedSource(Capture capture) implements PageSource {
  @Override
  public int pageSize() {
    return capture.pageSize();
  }

  @Override
  public long commit() {
    return capture.commit();
  }

  @Override
  public long pageCount() {
    return capture.pageCount();
  }

  @Override
  public void pages(Sink sink) throws IOException {
    capture.pages(sink::page);
  }
}
