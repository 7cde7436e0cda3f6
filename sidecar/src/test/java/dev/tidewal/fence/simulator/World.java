package dev.tidewal.fence.simulator;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;

/**
 * One schedule: a few machines, one store, and everything that can go wrong, drawn from one seed.
 *
 * <p>Each step lets one process go on to its next pause, or delivers a late request, or does
 * something to a machine; then time passes.
 */
final class World {
  private static final Instant BEGINNING = Instant.parse("2026-11-20T12:00:00Z");
  private static final long SECOND = 1_000_000_000L;

  final Random random;
  final Mutant mutant;
  final Ledger ledger = new Ledger();
  final ModelStore store = new ModelStore(ledger);
  private final boolean prints;
  private final List<Machine> machines = new ArrayList<>();
  private final List<Process> zombies = new ArrayList<>();
  private final PriorityQueue<Late> late = new PriorityQueue<>();
  private long nanos = 1;
  private long commits;
  private long owners;
  private long names;
  private boolean isCalm;
  private long outageUntil;
  private int trouble;
  private boolean wasEmptied;

  private record Late(long dueNanos, long number, Runnable request) implements Comparable<Late> {
    @Override
    public int compareTo(Late other) {
      return dueNanos == other.dueNanos
          ? Long.compare(number, other.number)
          : Long.compare(dueNanos, other.dueNanos);
    }
  }

  World(long seed, Mutant mutant, boolean prints) {
    this.random = new Random(seed * 0x9e3779b97f4a7c15L);
    this.mutant = mutant;
    this.prints = prints;
  }

  // --- a schedule ---

  /**
   * Runs the schedule.
   *
   * @throws Violation when something happened that never must
   */
  void run() {
    try {
      trouble = random.nextInt(4);
      int count = 1 + random.nextInt(3);
      for (int i = 0; i < count; i++) {
        machines.add(new Machine(this, "m" + i, new Volume()));
      }
      run(80 + random.nextInt(220));
      if (random.nextInt(3) == 0) {
        overtake();
        run(40 + random.nextInt(60));
      }
      if (random.nextInt(5) == 0) {
        emptyBucket();
        run(30 + random.nextInt(60));
      }
      calmDown();
    } finally {
      killAll();
    }
  }

  private void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
  }

  /**
   * One process is stopped for hours, an owner or one that is about to become one, while another
   * writes on, undisturbed, and its retention deletes what is old.
   */
  private void overtake() {
    Machine newcomer = new Machine(this, "n", new Volume());
    machines.add(newcomer);
    start(newcomer);
    boolean stopsNewcomer = random.nextBoolean();
    Process stopped = newcomer.process;
    if (stopsNewcomer) {
      for (int i = random.nextInt(14); i > 0 && newcomer.isRunning(); i--) {
        Objects.requireNonNull(newcomer.process).step();
      }
    } else {
      stopped = machines.getFirst().process;
    }
    if (stopped == null) {
      return;
    }
    trace("%s is stopped and overtaken", stopped);
    stopped.holdUntil(nanos + 48 * 3600 * SECOND);
    isCalm = true;
    outageUntil = 0;
    for (int i = 0; i < 30; i++) {
      for (int j = 0; j < 12; j++) {
        go();
      }
      nanos += random.nextLong(1800 * SECOND);
    }
    isCalm = false;
    nanos = Math.max(nanos, stopped.wakeNanos());
    trace("%s goes on", stopped);
  }

  /**
   * Somebody empties the bucket, while its owner runs or between two starts. Everyone else is left
   * out: only who knows the newest position can tell that it is missing, and what other witnesses
   * know is the floor's matter.
   */
  private void emptyBucket() {
    Optional<Machine> keeper =
        machines.stream()
            .filter(machine -> machine.volume.hasFile && machine.isVolumeGood)
            .filter(machine -> ledger.lastOwner().filter(last -> isOwn(machine, last)).isPresent())
            .filter(machine -> knowsAll(machine.volume))
            .findFirst();
    if (keeper.isEmpty()) {
      return;
    }
    for (Machine machine : machines) {
      if (machine != keeper.get() || random.nextBoolean()) {
        kill(machine);
      }
    }
    zombies.forEach(Process::kill);
    zombies.clear();
    machines.retainAll(keeper.stream().toList());
    late.forEach(request -> request.request().run());
    late.clear();
    trace("the bucket is emptied; %s knows it all", keeper.get());
    store.empty();
    ledger.lose();
    wasEmptied = true;
  }

  private boolean knowsAll(Volume volume) {
    return volume
        .state
        .acknowledged()
        .filter(state -> state.position().txid().equals(ledger.acknowledged()))
        .isPresent();
  }

  private void step() {
    if (random.nextInt(12) == 0) {
      interfere(machines.get(random.nextInt(machines.size())));
    }
    go();
    if (random.nextInt(20) == 0) {
      checkRestore();
    }
  }

  /** One process goes on to its next pause. */
  private void go() {
    deliver();
    List<Process> ready = new ArrayList<>();
    machines.stream().filter(Machine::isRunning).forEach(machine -> ready.add(machine.process));
    ready.addAll(zombies);
    ready.removeIf(process -> process.isEnded() || process.wakeNanos() > nanos);
    if (ready.isEmpty()) {
      nanos += (1 + random.nextInt(30)) * SECOND;
    } else {
      ready.get(random.nextInt(ready.size())).step();
      nanos += random.nextInt(10) == 0 ? random.nextLong(5 * SECOND) : random.nextLong(SECOND / 5);
    }
  }

  private void deliver() {
    while (!late.isEmpty() && late.peek().dueNanos() <= nanos) {
      late.poll().request().run();
    }
  }

  private void checkRestore() {
    Txid newest = store.newest();
    if (!newest.isZero() && !ledger.isLost()) {
      ledger.restored(
          newest,
          store
              .restore(newest)
              .orElseThrow(() -> new Violation("a restore of " + newest + " has a gap")));
    }
  }

  /** No more trouble: everything late arrives, and the last owner, if unharmed, must go on. */
  private void calmDown() {
    isCalm = true;
    outageUntil = 0;
    killAll();
    late.forEach(request -> request.request().run());
    late.clear();
    checkRestore();
    for (Machine machine : machines) {
      boolean isLastOwner = ledger.lastOwner().filter(owner -> isOwn(machine, owner)).isPresent();
      if (isLastOwner && machine.isVolumeGood && machine.volume.hasFile) {
        mustGoOn(machine);
        return;
      }
    }
  }

  private static boolean isOwn(Machine machine, String owner) {
    return new ModelState(machine.volume.state, Runnable::run, () -> "", acknowledged -> {}, false)
        .isOwn(owner);
  }

  private void mustGoOn(Machine machine) {
    trace("calm: %s must go on", machine);
    machine.newPod();
    machine.isStuck = false;
    Txid before = ledger.acknowledged();
    for (int i = 0; i < 2_000 && !machine.isStuck; i++) {
      if (!machine.isRunning()) {
        start(machine);
      }
      Process process = Objects.requireNonNull(machine.process);
      nanos = Math.max(nanos, process.wakeNanos()) + SECOND / 100;
      process.step();
      if (machine.isStuck && ledger.isLost()) {
        // Its WAL is gone, and with the replica all that could tell whether frames were lost.
        machine.keepLocal();
      }
      if (ledger.acknowledged().value() > before.value() + 2) {
        checkRestore();
        return;
      }
    }
    throw new Violation(machine + " was the last owner and did not go on");
  }

  private void killAll() {
    for (Machine machine : machines) {
      kill(machine);
    }
    zombies.forEach(Process::kill);
    zombies.clear();
  }

  private void kill(Machine machine) {
    Process running = machine.process;
    if (running != null) {
      running.kill();
      machine.process = null;
    }
  }

  private void start(Machine machine) {
    names++;
    Process[] self = new Process[1];
    self[0] = new Process(machine.name + "." + names, () -> machine.run(self[0]));
    machine.process = self[0];
  }

  // --- what happens to machines ---

  private void interfere(Machine machine) {
    if (!machine.isRunning()) {
      if (random.nextInt(3) > 0) {
        if (random.nextInt(3) == 0) {
          machine.newPod();
        }
        start(machine);
      } else if (machine.isAppRunning) {
        machine.runAlone();
      }
      return;
    }
    switch (random.nextInt(trouble == 0 || wasEmptied ? 4 : 14)) {
      case 0 -> crash(machine);
      case 1 -> crashPod(machine);
      case 2, 3 -> hold(machine);
      case 4 -> losePower(machine);
      case 5 -> machine.saved = machine.volume.copy();
      case 6, 7 -> rollBack(machine);
      case 8 -> moveVolume(machine);
      case 9 -> outageUntil = nanos + random.nextLong(300 * SECOND);
      case 10 -> machine.skewClock(Duration.ofMinutes(random.nextLong(-20_000, 20_000)));
      default -> hold(machine);
    }
  }

  private void crash(Machine machine) {
    trace("crash of %s", machine.process);
    kill(machine);
    if (machine.isAppRunning && random.nextInt(3) == 0) {
      machine.runAlone();
    }
  }

  private void crashPod(Machine machine) {
    trace("crash of %s and its application", machine.process);
    kill(machine);
    machine.newPod();
  }

  /** The process is stopped and goes on later, as if nothing had been. */
  private void hold(Machine machine) {
    Process running = machine.process;
    if (running != null) {
      long time = (61 + random.nextLong(3 * 3600)) * SECOND;
      trace("%s is stopped for %d s", running, time / SECOND);
      running.holdUntil(nanos + time);
    }
  }

  private void losePower(Machine machine) {
    kill(machine);
    Volume volume = machine.volume;
    int kept = volume.backfilled + random.nextInt(volume.commits.size() - volume.backfilled + 1);
    List<Commit> lost = volume.losePower(kept);
    machine.newPod();
    machine.isVolumeGood &= lost.isEmpty();
    trace("%s loses power, and %d commits", machine, lost.size());
    if (random.nextInt(6) == 0) {
      runFirst(machine);
    }
  }

  /** A week-old copy of the volume is attached in the place of the volume. */
  private void rollBack(Machine machine) {
    Volume saved = machine.saved;
    if (saved == null) {
      machine.saved = machine.volume.copy();
      return;
    }
    kill(machine);
    machine.volume = saved.copy();
    machine.isVolumeGood = false;
    machine.newPod();
    trace("%s gets an old volume", machine);
    if (random.nextInt(6) == 0) {
      runFirst(machine);
    }
  }

  /** The application starts before anyone could decide, as it may outside of Kubernetes. */
  private void runFirst(Machine machine) {
    if (machine.volume.hasFile) {
      trace("the application of %s runs first", machine);
      ledger.forsake(machine.volume.commits);
      machine.isAppRunning = true;
      machine.runAlone();
    }
  }

  /** The volume is attached to another machine, while the process here still runs. */
  private void moveVolume(Machine machine) {
    Process running = machine.process;
    if (running != null) {
      zombies.add(running);
      machine.process = null;
    }
    Machine other = new Machine(this, machine.name + "'", machine.volume);
    other.isVolumeGood = machine.isVolumeGood;
    other.newPod();
    machine.volume = machine.volume.copy();
    machines.set(machines.indexOf(machine), other);
    trace("the volume of %s moves to %s", machine, other);
  }

  boolean isMountedElsewhere(Machine machine) {
    return !machines.contains(machine);
  }

  // --- what happens to requests ---

  Fate writeFate() {
    if (isCalm) {
      return Fate.DONE;
    }
    if (nanos < outageUntil) {
      return random.nextInt(8) == 0 ? Fate.LATE : Fate.LOST;
    }
    return switch (random.nextInt(trouble == 0 ? 40 : 20)) {
      case 0 -> Fate.LOST;
      case 1 -> Fate.ANSWER_LOST;
      case 2 -> Fate.LATE;
      case 3 -> Fate.TWICE;
      case 4 -> Fate.SLOW;
      default -> Fate.DONE;
    };
  }

  Fate readFate() {
    if (isCalm) {
      return Fate.DONE;
    }
    if (nanos < outageUntil) {
      return Fate.LOST;
    }
    return switch (random.nextInt(60)) {
      case 0 -> Fate.LOST;
      case 1 -> Fate.SLOW;
      default -> Fate.DONE;
    };
  }

  /** Delivers a request some time later, whoever is left to hear of it. */
  void later(Supplier<?> request) {
    long delay =
        random.nextInt(3) == 0 ? random.nextLong(4 * 3600 * SECOND) : random.nextLong(120 * SECOND);
    Runnable quietly =
        () -> {
          try {
            Object ignored = request.get();
          } catch (TidewalException.PreconditionFailed e) {
            trace("a late request met an object");
          }
        };
    late.add(new Late(nanos + delay, late.size() + commits, quietly));
  }

  void sleepShort(Process process) {
    process.sleepUntil(nanos + random.nextLong(20 * SECOND));
  }

  void sleepLong(Process process) {
    long time =
        random.nextInt(3) == 0 ? random.nextLong(3 * 3600 * SECOND) : random.nextLong(90 * SECOND);
    process.sleepUntil(nanos + (isCalm ? 0 : time));
  }

  // --- clocks and names ---

  long nanos() {
    return nanos;
  }

  Instant storeTime() {
    return BEGINNING.plusNanos(nanos);
  }

  Commit newCommit() {
    commits++;
    return new Commit(commits, random.nextInt(Commit.PAGES));
  }

  long newSalts() {
    return random.nextLong() | 1;
  }

  String newOwner() {
    owners++;
    return "owner-" + owners;
  }

  void trace(String format, Object... arguments) {
    if (prints) {
      System.out.printf("%12.3f  ", nanos / 1e9);
      System.out.printf(format + "%n", arguments);
    }
  }
}
