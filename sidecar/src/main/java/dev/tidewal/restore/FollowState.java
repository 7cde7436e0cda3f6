package dev.tidewal.restore;

import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.Txid;
import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;

/**
 * Where a read replica stands, in {@code <db>-tidewal-follow} beside it; written before a change.
 *
 * <p>The change counter in the database's own header tells whether the change came through: it has
 * {@code counter} before and {@code counter + 1} after. Any other value was written by somebody
 * else.
 *
 * @param applied the state before the change
 * @param applying the state after the change; equal to {@code applied} when none is under way
 * @param counter the database's change counter at {@code applied}
 */
record FollowState(At applied, At applying, int counter) {
  private static final String FORMAT = "2";

  /**
   * A state of the replica.
   *
   * @param rolling rolling checksum of all its pages
   * @param firstPage checksum of its page 1, which the file has with another header
   */
  record At(Txid txid, long rolling, long firstPage) {
    @Override
    public String toString() {
      return "%s %016x %016x".formatted(txid, rolling, firstPage);
    }

    private static Optional<At> parse(String text) {
      String[] words = text.split(" ", -1);
      return words.length == 3
          ? Txid.parse(words[0])
              .map(txid ->
                  new At(
                      txid,
                      Long.parseUnsignedLong(words[1], 16),
                      Long.parseUnsignedLong(words[2], 16)))
          : Optional.empty();
    }
  }

  static FollowState settled(At applied, int counter) {
    return new FollowState(applied, applied, counter);
  }

  FollowState towards(At next) {
    return new FollowState(applied, next, counter);
  }

  /** What holds when the database has this change counter; empty when somebody else wrote it. */
  Optional<FollowState> settledBy(int counterFound) {
    if (counterFound == counter) {
      return Optional.of(settled(applied, counter));
    }
    return !applying.equals(applied) && counterFound == counter + 1
        ? Optional.of(settled(applying, counterFound))
        : Optional.empty();
  }

  static Path pathOf(Path database) {
    return database.resolveSibling(database.getFileName() + "-tidewal-follow");
  }

  static Optional<FollowState> read(Path database) throws IOException {
    Path path = pathOf(database);
    try {
      Properties values = new Properties();
      values.load(new StringReader(Files.readString(path)));
      if (!FORMAT.equals(values.getProperty("format"))) {
        throw new Corrupt(path + " has an unknown format");
      }
      return Optional.of(
          new FollowState(
              at(path, values, "applied"),
              at(path, values, "applying"),
              Integer.parseUnsignedInt(values.getProperty("counter", ""), 16)));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (NumberFormatException e) {
      throw new Corrupt(path + " is damaged: " + e.getMessage(), e);
    }
  }

  private static At at(Path path, Properties values, String key) {
    return At.parse(values.getProperty(key, ""))
        .orElseThrow(() -> new Corrupt(path + " has no state " + key));
  }

  void write(Path database) throws IOException {
    Path path = pathOf(database);
    Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
    Files.writeString(
        temporary,
        "format=%s\napplied=%s\napplying=%s\ncounter=%08x\n"
            .formatted(FORMAT, applied, applying, counter));
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(
        temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    RestoreOutput.syncDirectory(path);
  }
}
