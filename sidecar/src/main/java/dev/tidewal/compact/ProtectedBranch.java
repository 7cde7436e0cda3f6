package dev.tidewal.compact;

import dev.tidewal.core.Txid;
import java.time.Instant;

/**
 * A state that retention must keep although history went on differently, as after {@code
 * DivergedKeptLocal}.
 *
 * @param end the branch's last TXID: restorable by name, and no merge goes across it
 * @param until by the store's clock
 */
public record ProtectedBranch(Txid end, Instant until) {}
