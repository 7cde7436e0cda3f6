package dev.tidewal.fence.simulator;

import dev.tidewal.core.Txid;
import dev.tidewal.state.Acknowledged;
import dev.tidewal.state.FencedMark;
import dev.tidewal.state.Intent;
import dev.tidewal.state.OwnerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One process's hold of a state directory: it reads what it had in memory when it opened, and
 * writes through. So a process whose volume has gone to another machine knows nothing of what
 * follows.
 */
final class ModelState implements OwnerState {
  /** What is on the disk. */
  static final class Disk {
    private @Nullable Acknowledged acknowledged;
    private List<String> tried = new ArrayList<>();
    private @Nullable Intent intent;
    private @Nullable String handover;
    private @Nullable FencedMark fenced;
    private boolean unsettled;

    Disk copy() {
      Disk copy = new Disk();
      copy.acknowledged = acknowledged;
      copy.tried = new ArrayList<>(tried);
      copy.intent = intent;
      copy.handover = handover;
      copy.fenced = fenced;
      copy.unsettled = unsettled;
      return copy;
    }

    Optional<Acknowledged> acknowledged() {
      return Optional.ofNullable(acknowledged);
    }
  }

  /** Around each write: the process may be stopped before and after, and the disk may be gone. */
  interface Gate {
    void write(Runnable effect) throws IOException;
  }

  private final Disk disk;
  private final Disk memory;
  private final Gate gate;
  private final Supplier<String> owners;
  private final Consumer<Acknowledged> listener;
  private final boolean forgetsIntents;

  /**
   * Opens.
   *
   * @param owners draws owner ids
   * @param listener told what is recorded as acknowledged
   */
  ModelState(
      Disk disk,
      Gate gate,
      Supplier<String> owners,
      Consumer<Acknowledged> listener,
      boolean forgetsIntents) {
    this.disk = disk;
    this.memory = disk.copy();
    this.gate = gate;
    this.owners = owners;
    this.listener = listener;
    this.forgetsIntents = forgetsIntents;
  }

  private void write(Consumer<Disk> change) throws IOException {
    gate.write(() -> {
      change.accept(disk);
      change.accept(memory);
    });
  }

  @Override
  public Path database() {
    return Path.of("/data/app.db");
  }

  @Override
  public Path scratch() {
    return Path.of("/data/scratch");
  }

  @Override
  public Path branches() {
    return Path.of("/data/branches");
  }

  @Override
  public Optional<Acknowledged> acknowledged() {
    return memory.acknowledged();
  }

  @Override
  public void acknowledge(Acknowledged state) throws IOException {
    gate.write(() -> {
      for (Disk each : List.of(disk, memory)) {
        each.acknowledged = state;
        each.tried.clear();
      }
      listener.accept(state);
    });
  }

  void backfilledThrough(Txid txid) throws IOException {
    Acknowledged now = memory.acknowledged;
    if (now != null && txid.isAfter(now.backfilled())) {
      write(each -> each.acknowledged = now.backfilledThrough(txid));
    }
  }

  @Override
  public Optional<Path> lostState() {
    return Optional.empty();
  }

  @Override
  public String newOwner(Optional<Intent.Kind> kind) throws IOException {
    String owner = owners.get();
    if (kind.isPresent() && !forgetsIntents) {
      List<String> tried = new ArrayList<>(intent().map(Intent::owners).orElse(List.of()));
      tried.add(owner);
      write(each -> each.intent = new Intent(kind.get(), tried));
    }
    write(each -> each.tried.add(owner));
    return owner;
  }

  @Override
  public boolean isTried(String owner) {
    return memory.tried.contains(owner);
  }

  @Override
  public boolean isOwn(String owner) {
    return isTried(owner)
        || acknowledged().filter(state -> state.owner().equals(owner)).isPresent();
  }

  @Override
  public Optional<Intent> intent() {
    return Optional.ofNullable(memory.intent);
  }

  void intentDone() throws IOException {
    write(each -> each.intent = null);
  }

  void handOver() throws IOException {
    String owner = acknowledged().orElseThrow().owner();
    write(each -> each.handover = owner);
  }

  @Override
  public Optional<Acknowledged> takeHandOver() throws IOException {
    String owner = memory.handover;
    if (owner != null) {
      write(each -> each.handover = null);
    }
    return acknowledged().filter(state -> state.owner().equals(owner));
  }

  @Override
  public boolean isUnsettled() {
    return memory.unsettled;
  }

  @Override
  public void unsettled() throws IOException {
    if (!memory.unsettled) {
      write(each -> each.unsettled = true);
    }
  }

  @Override
  public void settled() throws IOException {
    write(each -> each.unsettled = false);
  }

  @Override
  public Optional<FencedMark> fenced() {
    return Optional.ofNullable(memory.fenced);
  }

  @Override
  public void markFenced(FencedMark mark) throws IOException {
    if (fenced().filter(before -> before.bindsPod(mark.pod())).isEmpty()) {
      write(each -> each.fenced = mark);
    }
  }

  @Override
  public void clearFenced() throws IOException {
    if (memory.fenced != null) {
      write(each -> each.fenced = null);
    }
  }
}
