package dev.tidewal.fence;

import dev.tidewal.core.Txid;
import dev.tidewal.replica.ReplicaClient;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The states that stay restorable although the history went on without them: the document {@code
 * .tidewal/branches}, one line a branch, TXID and date.
 *
 * <p>Until its date, retention keeps what a restore to exactly that TXID needs. Only the owner
 * writes it.
 */
public final class Branches {
  /** Name of the document below {@code .tidewal/}. */
  public static final String NAME = "branches";

  private static final Duration PROTECTED = Duration.ofDays(7);

  private Branches() {}

  /**
   * One protected state.
   *
   * @param txid the state that must stay restorable
   * @param until by the store's clock
   */
  public record Branch(Txid txid, Instant until) {}

  /** The branches that are protected now, ascending. Lines that can't be read are left out. */
  public static List<Branch> read(ReplicaClient client) {
    String text =
        client
            .readDocument(NAME)
            .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
            .orElse("");
    Instant now = client.storeTime();
    return text.lines()
        .flatMap(line -> parse(line).stream())
        .filter(branch -> branch.until().isAfter(now))
        .sorted(Comparator.comparing(Branch::txid))
        .toList();
  }

  /** Protects a state for seven days from now; other branches keep their date. */
  public static void protect(ReplicaClient client, Txid txid) {
    List<Branch> branches = new ArrayList<>(read(client));
    branches.removeIf(branch -> branch.txid().equals(txid));
    branches.add(new Branch(txid, client.storeTime().plus(PROTECTED)));
    StringBuilder text = new StringBuilder();
    branches.forEach(
        branch -> text.append(branch.txid()).append(' ').append(branch.until()).append('\n'));
    client.writeDocument(NAME, text.toString().getBytes(StandardCharsets.UTF_8), WriteMode.REPLACE);
  }

  private static Optional<Branch> parse(String line) {
    List<String> words = Stream.of(line.split(" ", -1)).toList();
    try {
      return words.size() == 2
          ? Txid.parse(words.get(0)).map(txid -> new Branch(txid, Instant.parse(words.get(1))))
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
