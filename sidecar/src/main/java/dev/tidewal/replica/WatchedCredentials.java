package dev.tidewal.replica;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Credentials in files. Looks at the files' identity, size and times; a mounted Secret changes by
 * the swap of a symbolic link, so all of them change at once.
 */
final class WatchedCredentials implements CredentialsSource {
  private static final System.Logger LOG = System.getLogger(WatchedCredentials.class.getName());
  private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

  private final List<Path> files;
  private final Supplier<List<StoreCredentials>> reader;
  private final LongSupplier nanoTime;

  private List<StoreCredentials> known;
  private int chosen;
  private long switchedAt;
  private List<String> seen;
  private long lookedAt;

  WatchedCredentials(
      List<Path> files, Supplier<List<StoreCredentials>> reader, LongSupplier nanoTime) {
    this.files = List.copyOf(files);
    this.reader = reader;
    this.nanoTime = nanoTime;
    this.seen = look();
    this.lookedAt = nanoTime.getAsLong();
    this.switchedAt = lookedAt - LOOK_NANOS;
    this.known = List.copyOf(reader.get());
  }

  @Override
  public synchronized Optional<StoreCredentials> current() {
    long now = nanoTime.getAsLong();
    if (now - lookedAt >= LOOK_NANOS) {
      lookedAt = now;
      List<String> looks = look();
      if (!looks.equals(seen)) {
        read(looks);
      }
    }
    return chosen();
  }

  @Override
  public synchronized boolean refresh() {
    Optional<StoreCredentials> before = chosen();
    lookedAt = nanoTime.getAsLong();
    read(look());
    return !chosen().equals(before) || switchToNext();
  }

  /** Requests that were refused at the same time switch once, not back and forth. */
  private boolean switchToNext() {
    if (known.size() < 2) {
      return false;
    }
    if (lookedAt - switchedAt >= LOOK_NANOS) {
      switchedAt = lookedAt;
      chosen = (chosen + 1) % known.size();
    }
    return true;
  }

  private Optional<StoreCredentials> chosen() {
    return known.isEmpty() ? Optional.empty() : Optional.of(known.get(chosen));
  }

  private void read(List<String> looks) {
    try {
      List<StoreCredentials> now = List.copyOf(reader.get());
      if (!now.equals(known)) {
        known = now;
        chosen = 0;
      }
      seen = looks;
    } catch (RuntimeException halfWritten) {
      LOG.log(
          Level.WARNING,
          "the credentials in {0} have changed but can't be read, the ones before stay in use: {1}",
          files,
          halfWritten.getMessage());
    }
  }

  private List<String> look() {
    return files.stream().map(WatchedCredentials::look).toList();
  }

  private static String look(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.fileKey()
          + " "
          + attributes.size()
          + " "
          + attributes.lastModifiedTime().toInstant();
    } catch (IOException absent) {
      return "absent";
    }
  }
}
