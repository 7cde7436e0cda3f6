package dev.tidewal.restore;

import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.NotFound;
import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.ltx.LtxHeader;
import dev.tidewal.ltx.LtxReader;
import dev.tidewal.ltx.LtxSummary;
import dev.tidewal.ltx.PageChecksum;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ReplicaClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Writes the pages of a plan's objects into the temporary file, newest object first. */
final class Assembly {
  private final ReplicaClient client;
  private final RestoreListener listener;
  private final LongAdder downloaded;

  Assembly(ReplicaClient client, RestoreListener listener, LongAdder downloaded) {
    this.client = client;
    this.listener = listener;
    this.downloaded = downloaded;
  }

  Assembled write(RestorePlan plan, RestoreOutput output) throws IOException, BrokenObject {
    List<Assembled.Read> files = new ArrayList<>();
    PageClaims claims = new PageClaims(0, 512);
    long rolling = PageChecksum.FLAG;
    for (ObjectInfo object : plan.files().reversed()) {
      try (LtxReader reader = new LtxReader(stream(object), object.name().toString())) {
        LtxHeader header = reader.header();
        checkName(object, header);
        checkTime(plan.target(), object, header);
        if (files.isEmpty()) {
          claims = new PageClaims(header.commit(), header.pageSize());
          output.expectSize(header.commit() * header.pageSize());
        }
        checkPageSize(files, object, header);
        while (reader.next()) {
          if (claims.claim(reader.pgno())) {
            write(output.channel(), reader.pgno(), reader.page(), header.pageSize());
            rolling = PageChecksum.toggle(rolling, reader.pageChecksum());
          }
        }
        LtxSummary summary = reader.finish();
        claims.fileEnded(header.commit());
        files.add(new Assembled.Read(object.name(), summary));
        listener.verified(object.name().toString());
      } catch (Corrupt | NotFound e) {
        throw new BrokenObject(object.name(), e);
      }
    }
    claims
        .firstMissing()
        .ifPresent(pgno -> {
          throw new Corrupt("no object of the plan holds page " + pgno);
        });
    return new Assembled(rolling, files);
  }

  private ResumingStream stream(ObjectInfo object) {
    return new ResumingStream(
        client,
        object,
        0,
        object.sizeBytes(),
        bytes -> {
          downloaded.add(bytes);
          listener.read(bytes);
        });
  }

  private static void write(FileChannel channel, long pgno, byte[] page, int pageSize)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(page, 0, pageSize);
    long at = (pgno - 1) * pageSize;
    while (bytes.hasRemaining()) {
      channel.write(bytes, at + bytes.position());
    }
  }

  private static void checkName(ObjectInfo object, LtxHeader header) {
    if (!header.minTxid().equals(object.name().min())
        || !header.maxTxid().equals(object.name().max())) {
      throw new Corrupt(
          object.name()
              + " holds TXIDs "
              + header.minTxid()
              + " to "
              + header.maxTxid()
              + ", not those of its name");
    }
  }

  /** Metadata decided that the object is old enough; the header knows. */
  private static void checkTime(RestoreTarget target, ObjectInfo object, LtxHeader header) {
    Instant time = Instant.ofEpochMilli(header.timestampMillis());
    if (target instanceof RestoreTarget.AtTime at && time.isAfter(at.time())) {
      throw new Corrupt(
          object.name() + " was recorded at " + time + ", its metadata says before " + at.time());
    }
  }

  private static void checkPageSize(
      List<Assembled.Read> newer, ObjectInfo object, LtxHeader header) {
    if (!newer.isEmpty() && newer.getLast().summary().header().pageSize() != header.pageSize()) {
      throw new Refused(
          "two databases in one prefix: "
              + object.name()
              + " has pages of "
              + header.pageSize()
              + " bytes, "
              + newer.getLast().name()
              + " of "
              + newer.getLast().summary().header().pageSize());
    }
  }
}
