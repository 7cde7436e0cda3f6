package dev.tidewal.cli;

import dev.tidewal.core.ExitCode;
import dev.tidewal.replicate.ReplicationState;
import dev.tidewal.replicate.ReplicationStatus;
import java.util.List;

/** What a process of {@code tidewal replicate} tells the shell, given how its databases ended. */
final class Ending {
  private Ending() {}

  /** Fenced when all are, else the first refusal's kind, else whether the final sync was done. */
  static ExitCode of(List<ReplicationStatus> statuses) {
    if (!statuses.isEmpty() && statuses.stream().allMatch(Ending::isFenced)) {
      return ExitCode.FENCED;
    }
    return statuses.stream()
        .map(Ending::of)
        .filter(code -> code != ExitCode.OK)
        .findFirst()
        .orElse(ExitCode.OK);
  }

  private static boolean isFenced(ReplicationStatus status) {
    return status.state() == ReplicationState.FENCED;
  }

  private static ExitCode of(ReplicationStatus status) {
    return switch (status.state()) {
      case REFUSED -> refusal(status.reason());
      case FENCED -> ExitCode.FENCED;
      case STARTING -> refusal(status.reason());
      case DEGRADED -> ExitCode.STORE_UNREACHABLE;
      case STOPPED ->
          status.reason().equals("StoppedBehind") ? ExitCode.STORE_UNREACHABLE : ExitCode.OK;
      case WAITING_FOR_DATABASE, REPLICATING -> ExitCode.OK;
    };
  }

  private static ExitCode refusal(String reason) {
    return switch (reason) {
      case "Misconfigured" -> ExitCode.USAGE;
      case "NothingToRestore" -> ExitCode.NOTHING_TO_RESTORE;
      case "Corrupt" -> ExitCode.CORRUPT;
      case "StoreUnreachable", "BucketNotReady", "WitnessUnreachable" -> ExitCode.STORE_UNREACHABLE;
      case "PermissionDenied" -> ExitCode.PERMISSION;
      case "LocalError" -> ExitCode.UNEXPECTED;
      default -> ExitCode.REFUSED;
    };
  }
}
