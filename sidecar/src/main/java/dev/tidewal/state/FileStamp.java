package dev.tidewal.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a file system says of a file that nobody writes: two equal stamps of one file, the first of
 * which had been there for {@link #SETTLE_MILLIS}, mean that nobody wrote to it in between.
 *
 * <p>The kernel sets both times with every write, at the resolution of its tick (10 ms at most). A
 * power loss may lose them although what was written is safe, since SQLite syncs with {@code
 * fdatasync}: so a stamp counts in one boot only.
 *
 * @param boot the kernel's boot id
 * @param file device and inode
 * @param sizeBytes length
 * @param modifiedNanos time of the last write, nanoseconds since 1970
 * @param changedNanos time of the last change of the inode, which nobody can set
 */
public record FileStamp(
    String boot, String file, long sizeBytes, long modifiedNanos, long changedNanos) {
  /** A write so long after a stamp was taken changes it. */
  public static final long SETTLE_MILLIS = 50;

  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final long COARSE_NANOS = 1_000_000;

  /** The stamp of a file; empty where the system does not say enough, or too coarsely. */
  public static Optional<FileStamp> of(Path path) throws IOException {
    String boot;
    Map<String, Object> found;
    try {
      boot = Files.readString(BOOT).strip();
      found = Files.readAttributes(path, "unix:dev,ino,size,lastModifiedTime,ctime");
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
    if (!(found.get("lastModifiedTime") instanceof FileTime modifiedTime)
        || !(found.get("ctime") instanceof FileTime changedTime)
        || !(found.get("size") instanceof Long size)) {
      return Optional.empty();
    }
    long modified = modifiedTime.to(TimeUnit.NANOSECONDS);
    long changed = changedTime.to(TimeUnit.NANOSECONDS);
    // A file system that keeps seconds or milliseconds only would hide a write.
    if (changed % COARSE_NANOS == 0) {
      return Optional.empty();
    }
    String file = found.get("dev") + ":" + found.get("ino");
    return Optional.of(new FileStamp(boot, file, size, modified, changed));
  }

  Map<String, String> lines() {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("boot", boot);
    lines.put("file", file);
    lines.put("size", String.valueOf(sizeBytes));
    lines.put("modified", String.valueOf(modifiedNanos));
    lines.put("changed", String.valueOf(changedNanos));
    return lines;
  }

  static Optional<FileStamp> parse(Map<String, String> lines) {
    try {
      return Optional.of(
          new FileStamp(
              lines.getOrDefault("boot", ""),
              lines.getOrDefault("file", ""),
              Long.parseLong(lines.getOrDefault("size", "")),
              Long.parseLong(lines.getOrDefault("modified", "")),
              Long.parseLong(lines.getOrDefault("changed", ""))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
