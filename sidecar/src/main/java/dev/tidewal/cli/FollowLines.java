package dev.tidewal.cli;

import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.restore.FollowListener;
import dev.tidewal.restore.FollowStatus;
import dev.tidewal.restore.RestoreReport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;

/** Logs what following does; a state that lasts is said once. */
final class FollowLines implements FollowListener {
  private static final Logger LOG = System.getLogger(FollowLines.class.getName());

  private final Path file;
  private String lastTrouble = "";

  FollowLines(Path file) {
    this.file = file;
  }

  @Override
  public void restored(RestoreReport report) {
    LOG.log(Level.INFO, "{0}: restored, following from {1}", file, report.position().txid());
  }

  @Override
  public void resumed(Txid at) {
    LOG.log(Level.INFO, "{0}: following from {1}", file, at);
  }

  @Override
  public void applied(LtxName object, Instant recorded) {
    LOG.log(Level.DEBUG, "{0}: applied {1} of {2}", file, object, recorded);
  }

  @Override
  public void broken(String reason) {
    LOG.log(Level.WARNING, "{0}: {1}", file, reason);
  }

  @Override
  public void round(FollowStatus status) {
    String trouble =
        switch (status) {
          case FollowStatus.UpToDate current -> "";
          case FollowStatus.Gap gap -> gap.missing() + "; following waits for them";
          case FollowStatus.Busy busy -> "a reader holds the database; trying again";
          case FollowStatus.Ahead ahead ->
              "the replica ends before TXID "
                  + ahead.at()
                  + ": it was purged, or is another one; restore to a new file";
          case FollowStatus.Failed failed -> String.valueOf(failed.reason().getMessage());
        };
    if (trouble.isEmpty() && !lastTrouble.isEmpty()) {
      LOG.log(Level.INFO, "{0}: up to date again at {1}", file, status.at());
    } else if (!trouble.equals(lastTrouble)) {
      LOG.log(Level.WARNING, "{0}: {1}", file, trouble);
    }
    lastTrouble = trouble;
  }
}
