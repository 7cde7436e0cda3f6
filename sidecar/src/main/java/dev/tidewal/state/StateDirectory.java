package dev.tidewal.state;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The local state of one database, {@code .<db>-tidewal/} beside it or a subdirectory of the
 * configured state directory.
 *
 * <p>Holds its lock from {@link #open} to {@link #close}. Whatever a method stored is on disk when
 * it returns. Thread-safe. Bytes and file names: docs/formats.md.
 */
public final class StateDirectory implements OwnerState, Closeable {
  private static final Logger LOG = System.getLogger(StateDirectory.class.getName());
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int OWNER_BYTES = 16;
  private static final int MOST_LINKS = 40;
  private static final List<String> FORGOTTEN =
      List.of(
          "claims",
          "intent",
          "handover",
          "unsettled",
          "fenced",
          "dropped",
          "converted",
          "clean-stop",
          "page-checksums");

  /** Claims of unknown outcome that are remembered; a claim beyond them is not taken for ours. */
  private static final int MAX_TRIED_CLAIMS = 256;

  private final Path database;
  private final Path directory;
  private final StateLock lock;
  private final AcknowledgedSlots slots;
  private final List<String> triedClaims;
  private @Nullable FencedMark fenced;
  private @Nullable Dropped dropped;
  private @Nullable Intent intent;
  private boolean converted;
  private boolean closed;
  private boolean unsettled;

  private StateDirectory(Path database, Path directory, StateLock lock) throws IOException {
    this.database = database;
    this.directory = directory;
    this.lock = lock;
    this.slots = openSlots();
    this.triedClaims =
        new ArrayList<>(SmallFile.read(file("claims")).map(Map::values).orElse(List.of()));
    this.fenced = SmallFile.read(file("fenced")).map(StateDirectory::fencedMark).orElse(null);
    this.dropped = SmallFile.read(file("dropped")).map(StateDirectory::droppedMark).orElse(null);
    this.intent = SmallFile.read(file("intent")).map(StateDirectory::intent).orElse(null);
    this.converted = Files.exists(file("converted"));
    this.unsettled = Files.exists(file("unsettled"));
  }

  /**
   * Takes the state directory of a database; makes it when it is missing.
   *
   * @param configured where all state goes, when not beside the databases
   * @throws TidewalException.Refused when another process has it
   */
  public static StateDirectory open(Path database, Optional<Path> configured) throws IOException {
    Path directory = locate(database, configured);
    Files.createDirectories(directory);
    directory = directory.toRealPath();
    StateLock lock = StateLock.take(directory.resolve("lock"), database);
    try {
      SmallFile.syncNameOf(directory);
      Files.createDirectories(directory.resolve("spool"));
      Files.createDirectories(directory.resolve("branches"));
      emptyScratch(directory.resolve("scratch"));
      if (configured.isPresent()) {
        SmallFile.write(
            directory.resolve("database"), Map.of("path", resolve(database).toString()));
      }
      return new StateDirectory(database, directory, lock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Where the state of a database is. Below a configured directory, the name ends with a hash of
   * the database's path, so that two databases of one name never meet.
   */
  public static Path locate(Path database, Optional<Path> configured) throws IOException {
    Path real = resolve(database);
    String name = String.valueOf(real.getFileName());
    return configured
        .map(all -> all.resolve(name + "-" + shortHash(real)))
        .orElseGet(() -> real.resolveSibling("." + name + "-tidewal"));
  }

  /** The acknowledged state in a directory that another process may hold; for display only. */
  public static Optional<Acknowledged> peek(Path directory) throws IOException {
    return AcknowledgedSlots.peek(directory.resolve("acknowledged"));
  }

  /** Whether the database was fenced, from a directory that another process may hold. */
  public static Optional<FencedMark> peekFenced(Path directory) throws IOException {
    return SmallFile.read(directory.resolve("fenced")).map(StateDirectory::fencedMark);
  }

  /** Whether a restore was begun and not finished, from a directory that nobody may hold yet. */
  public static boolean peekRestoring(Path directory) throws IOException {
    return SmallFile.read(directory.resolve("intent"))
        .map(StateDirectory::intent)
        .filter(intent -> intent.kind() == Intent.Kind.RESTORE)
        .isPresent();
  }

  /** SQLite puts the WAL beside what a link points to; so do we with the state. */
  private static Path resolve(Path database) throws IOException {
    Path absolute = behindLinks(database);
    if (Files.exists(absolute)) {
      return absolute.toRealPath();
    }
    Path parent = absolute.getParent();
    return parent != null && Files.exists(parent)
        ? parent.toRealPath().resolve(absolute.getFileName())
        : absolute;
  }

  /**
   * The file that a path means, also where a link points to one that is not there (yet): a new
   * volume behind a link of the image.
   */
  public static Path behindLinks(Path database) throws IOException {
    Path file = database.toAbsolutePath().normalize();
    for (int links = 0; Files.isSymbolicLink(file); links++) {
      if (links == MOST_LINKS) {
        throw new IOException(database + ": links in a circle");
      }
      Path beside = Files.readSymbolicLink(file);
      Path parent = file.getParent();
      Path from = parent != null && Files.exists(parent) ? parent.toRealPath() : file;
      file = from.resolve(beside).normalize();
    }
    return file;
  }

  private static String shortHash(Path path) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(path.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void emptyScratch(Path scratch) throws IOException {
    Files.createDirectories(scratch);
    try (Stream<Path> left = Files.list(scratch)) {
      for (Path path : left.toList()) {
        Files.delete(path);
      }
    }
  }

  @Override
  public Path database() {
    return database;
  }

  public Path directory() {
    return directory;
  }

  /** Captures that wait for the store. */
  public Path spool() {
    return directory.resolve("spool");
  }

  @Override
  public Path scratch() {
    return directory.resolve("scratch");
  }

  @Override
  public Path branches() {
    return directory.resolve("branches");
  }

  /** The file of {@link PageChecksums}. */
  public Path pageChecksums() {
    return directory.resolve("page-checksums");
  }

  @Override
  public synchronized Optional<Acknowledged> acknowledged() {
    return slots.newest();
  }

  @Override
  public synchronized void acknowledge(Acknowledged state) throws IOException {
    requireOpen();
    slots.write(state);
    if (!triedClaims.isEmpty()) {
      triedClaims.clear();
      Files.deleteIfExists(file("claims"));
    }
  }

  /**
   * Records that a checkpoint copied every page of {@code txid} and before into the database file.
   */
  public synchronized void backfilledThrough(Txid txid) throws IOException {
    requireOpen();
    Optional<Acknowledged> state = slots.newest();
    if (state.isPresent() && txid.isAfter(state.get().backfilled())) {
      slots.write(state.get().backfilledThrough(txid));
    }
  }

  @Override
  public synchronized Optional<Path> lostState() throws IOException {
    if (slots.newest().isPresent()) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(path -> path.getFileName().toString().startsWith("acknowledged.corrupt-"))
          .max(Path::compareTo);
    }
  }

  /** A fresh owner id, 32 hex digits, on disk before it is returned. */
  public String newOwner() throws IOException {
    return newOwner(Optional.empty());
  }

  @Override
  public synchronized String newOwner(Optional<Intent.Kind> kind) throws IOException {
    requireOpen();
    byte[] id = new byte[OWNER_BYTES];
    RANDOM.nextBytes(id);
    String owner = HexFormat.of().formatHex(id);
    if (kind.isPresent()) {
      recordIntent(kind.get(), owner);
    }
    if (triedClaims.size() == MAX_TRIED_CLAIMS) {
      triedClaims.removeFirst();
    }
    triedClaims.add(owner);
    Map<String, String> lines = new LinkedHashMap<>();
    for (int i = 0; i < triedClaims.size(); i++) {
      lines.put("owner." + i, triedClaims.get(i));
    }
    SmallFile.write(file("claims"), lines);
    return owner;
  }

  @Override
  public synchronized boolean isTried(String owner) {
    return triedClaims.contains(owner);
  }

  @Override
  public synchronized boolean isOwn(String owner) {
    return isTried(owner) || slots.newest().map(state -> state.owner().equals(owner)).orElse(false);
  }

  /** Earlier claims for it may still have landed, or land: they stay part of the intent. */
  private void recordIntent(Intent.Kind kind, String owner) throws IOException {
    List<String> owners = new ArrayList<>(intent == null ? List.of() : intent.owners());
    owners.add(owner);
    if (owners.size() > MAX_TRIED_CLAIMS) {
      owners.removeFirst();
    }
    SmallFile.write(
        file("intent"), Map.of("kind", kind.name(), "owners", String.join(" ", owners)));
    intent = new Intent(kind, owners);
  }

  @Override
  public synchronized Optional<Intent> intent() {
    return Optional.ofNullable(intent);
  }

  /** What the claim was for is done: the local file is what the acknowledged state says. */
  public synchronized void intentDone() throws IOException {
    requireOpen();
    SmallFile.delete(file("intent"));
    intent = null;
  }

  /**
   * Hands the claim to the next process: the local file is exactly the acknowledged state, and
   * nobody has written to it yet.
   */
  public synchronized void handOver() throws IOException {
    requireOpen();
    String owner = slots.newest().map(Acknowledged::owner).orElseThrow();
    SmallFile.write(file("handover"), Map.of("owner", owner));
  }

  @Override
  public synchronized Optional<Acknowledged> takeHandOver() throws IOException {
    Optional<String> owner = SmallFile.read(file("handover")).map(lines -> lines.get("owner"));
    SmallFile.delete(file("handover"));
    return slots.newest().filter(state -> owner.filter(state.owner()::equals).isPresent());
  }

  @Override
  public synchronized boolean isUnsettled() {
    return unsettled;
  }

  @Override
  public synchronized void unsettled() throws IOException {
    requireOpen();
    if (!unsettled) {
      SmallFile.write(file("unsettled"), Map.of("since", Instant.now().toString()));
      unsettled = true;
    }
  }

  @Override
  public synchronized void settled() throws IOException {
    requireOpen();
    SmallFile.delete(file("unsettled"));
    unsettled = false;
  }

  @Override
  public synchronized Optional<FencedMark> fenced() {
    return Optional.ofNullable(fenced);
  }

  @Override
  public synchronized void markFenced(FencedMark mark) throws IOException {
    requireOpen();
    if (fenced != null && fenced.bindsPod(mark.pod())) {
      return;
    }
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("pod", mark.pod());
    lines.put("reason", mark.reason());
    lines.put("at", mark.at().toString());
    SmallFile.write(file("fenced"), lines);
    fenced = mark;
  }

  @Override
  public synchronized void clearFenced() throws IOException {
    requireOpen();
    SmallFile.delete(file("fenced"));
    fenced = null;
  }

  public synchronized Optional<Dropped> dropped() {
    return Optional.ofNullable(dropped);
  }

  /** Records a gap in the local stream, before anything is dropped. */
  public synchronized void recordDropped(Dropped gap) throws IOException {
    requireOpen();
    SmallFile.write(
        file("dropped"), Map.of("after", gap.after().toString(), "at", gap.at().toString()));
    dropped = gap;
  }

  /** The difference that closed the gap was acknowledged. */
  public synchronized void clearDropped() throws IOException {
    requireOpen();
    SmallFile.delete(file("dropped"));
    dropped = null;
  }

  /**
   * Records that the database was left with everything acknowledged and in the database file; after
   * {@link #backfilledThrough}.
   */
  public synchronized void recordCleanStop(CleanStop left) throws IOException {
    requireOpen();
    Map<String, String> lines = new LinkedHashMap<>(left.stamp().lines());
    lines.put("txid", left.txid().toString());
    SmallFile.write(file("clean-stop"), lines);
  }

  /** How the last process that stopped cleanly left the database; maybe long ago. */
  public synchronized Optional<CleanStop> cleanStop() throws IOException {
    return SmallFile.read(file("clean-stop")).flatMap(CleanStop::parse);
  }

  /** Whether we once converted this database to WAL mode. */
  public synchronized boolean convertedByUs() {
    return converted;
  }

  public synchronized void recordConverted() throws IOException {
    requireOpen();
    SmallFile.write(file("converted"), Map.of("at", Instant.now().toString()));
    converted = true;
  }

  /**
   * Forgets what was acknowledged, tried, fenced and dropped; spool and branches stay. The next
   * start decides as for a database that was never replicated from here. Page checksums must not be
   * open.
   */
  public synchronized void reset() throws IOException {
    slots.clear();
    triedClaims.clear();
    for (String name : FORGOTTEN) {
      SmallFile.delete(file(name));
    }
    fenced = null;
    dropped = null;
    intent = null;
    converted = false;
    unsettled = false;
  }

  /** It may be another process's by now, or that of a later run: an old upload must not mark it. */
  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException(directory + " was closed");
    }
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private AcknowledgedSlots openSlots() throws IOException {
    Path path = file("acknowledged");
    AcknowledgedSlots.Found found = AcknowledgedSlots.open(path);
    if (!found.damaged()) {
      return found.slots();
    }
    found.slots().close();
    Path aside = file("acknowledged.corrupt-" + Instant.now().toEpochMilli());
    Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
    LOG.log(
        Level.WARNING,
        "{0}: the acknowledged state is unreadable and counts as absent; it is kept as {1}",
        database,
        aside);
    return AcknowledgedSlots.open(path).slots();
  }

  /** A mark that can't be read still fences: without a pod it says so and binds no new pod. */
  private static FencedMark fencedMark(Map<String, String> lines) {
    return new FencedMark(
        lines.getOrDefault("pod", ""), lines.getOrDefault("reason", ""), instant(lines.get("at")));
  }

  /** A mark that can't be read is still a gap. */
  private static Dropped droppedMark(Map<String, String> lines) {
    return new Dropped(
        Optional.ofNullable(lines.get("after")).flatMap(Txid::parse).orElse(Txid.ZERO),
        instant(lines.get("at")));
  }

  /** An intent that can't be read is the one that trusts the local file less. */
  private static Intent intent(Map<String, String> lines) {
    boolean keep = Intent.Kind.KEEP_LOCAL.name().equals(lines.get("kind"));
    return new Intent(
        keep ? Intent.Kind.KEEP_LOCAL : Intent.Kind.RESTORE,
        List.of(lines.getOrDefault("owners", "").split(" ", -1)));
  }

  private static Instant instant(@Nullable String text) {
    try {
      return text == null ? Instant.EPOCH : Instant.parse(text);
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    try {
      slots.close();
    } finally {
      lock.close();
    }
  }
}
