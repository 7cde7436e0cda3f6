package dev.tidewal.bench;

import java.io.IOException;
import java.sql.SQLException;

/** Some lines of the table that are measured together; independent of every other row. */
interface Row {
  void measure(Bench bench) throws IOException, SQLException, InterruptedException;
}
