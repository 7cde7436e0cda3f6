package dev.tidewal.fence.simulator;

import dev.tidewal.state.OwnerState;
import dev.tidewal.state.OwnerStateContract;
import java.io.IOException;

class ModelStateContractTest extends OwnerStateContract {
  private final ModelState.Disk disk = new ModelState.Disk();
  private int owners;

  @Override
  protected OwnerState reopen() {
    return new ModelState(
        disk, Runnable::run, () -> "owner-" + owners++, acknowledged -> {}, false);
  }

  @Override
  protected void handOver(OwnerState state) throws IOException {
    ((ModelState) state).handOver();
  }
}
