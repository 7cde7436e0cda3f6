package dev.tidewal.compact;

import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxMerge;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.ltx.LtxSummary;
import dev.tidewal.replica.ReplicaClient;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a merged object, produced as often as a store asks for them.
 *
 * <p>The inputs are opened once before, because what is recorded beside the object must be known
 * when its upload starts; the first attempt reads on from there.
 */
final class MergeContent implements ReplicaClient.Content, Closeable {
  private final ReplicaClient client;
  private final LtxName output;
  private final List<LevelObject> objects;
  private final OptionalLong expected;
  private final Path scratch;
  private final LtxHeader header;
  private @Nullable MergeInputs opened;
  private Optional<LtxSummary> written = Optional.empty();
  private boolean mismatch;

  /**
   * @param expected the rolling checksum that must come out, for a snapshot
   */
  MergeContent(
      ReplicaClient client,
      LtxName output,
      List<LevelObject> objects,
      OptionalLong expected,
      Path scratch)
      throws IOException {
    this.client = client;
    this.output = output;
    this.objects = objects;
    this.expected = expected;
    this.scratch = scratch;
    MergeInputs inputs = MergeInputs.open(client, objects);
    try {
      this.header = header(inputs);
    } catch (RuntimeException e) {
      inputs.close();
      throw e;
    }
    this.opened = inputs;
  }

  private LtxHeader header(MergeInputs inputs) {
    LtxHeader merged = LtxMerge.header(inputs.readers());
    if (!merged.minTxid().equals(output.min()) || !merged.maxTxid().equals(output.max())) {
      throw new Corrupt(
          "inputs of "
              + output
              + " hold TXIDs "
              + merged.minTxid()
              + "-"
              + merged.maxTxid()
              + ": a name and its header differ");
    }
    return merged;
  }

  /** The header of the output. */
  LtxHeader header() {
    return header;
  }

  /** What the last attempt wrote, when it was complete. */
  Optional<LtxSummary> written() {
    return written;
  }

  /** Whether an attempt ended because another checksum came out than the one recorded. */
  boolean isMismatch() {
    return mismatch;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    written = Optional.empty();
    try (MergeInputs inputs = takeInputs()) {
      LtxMerge.Result result = LtxMerge.merge(inputs.readers(), out, scratch);
      if (expected.isPresent() && expected.getAsLong() != result.rollingChecksum()) {
        mismatch = true;
        throw new Corrupt(
            "merged snapshot "
                + output
                + " has checksum "
                + HexFormat.of().toHexDigits(result.rollingChecksum())
                + ", recorded is "
                + HexFormat.of().toHexDigits(expected.getAsLong()));
      }
      written = Optional.of(result.summary());
    }
  }

  private MergeInputs takeInputs() throws IOException {
    MergeInputs first = opened;
    opened = null;
    return first == null ? MergeInputs.open(client, objects) : first;
  }

  @Override
  public void close() throws IOException {
    if (opened != null) {
      opened.close();
    }
  }
}
