package dev.tidewal.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryContractTest extends OwnerStateContract {
  @TempDir Path directory;
  private @Nullable StateDirectory open;

  @Override
  protected OwnerState reopen() throws IOException {
    close();
    StateDirectory state = StateDirectory.open(directory.resolve("app.db"), Optional.empty());
    open = state;
    return state;
  }

  @Override
  protected void handOver(OwnerState state) throws IOException {
    ((StateDirectory) state).handOver();
  }

  @AfterEach
  void close() throws IOException {
    if (open != null) {
      open.close();
    }
  }
}
