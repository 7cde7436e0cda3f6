package dev.tidewal.restore;

import dev.tidewal.core.TidewalException.Cancelled;
import dev.tidewal.core.TidewalException.Corrupt;
import dev.tidewal.core.TidewalException.NotFound;
import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.ltx.ChunkDecoder;
import dev.tidewal.ltx.LtxChunk;
import dev.tidewal.ltx.LtxHeader;
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
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Writes the pages of a plan's objects into the temporary file.
 *
 * <p>The calling thread walks through the objects, newest first, reads each index and settles which
 * pages the object supplies; then their chunks are fetched, decoded and written by all threads in
 * any order, for no page is supplied twice. An object is verified when its last chunk is decoded;
 * chunks that supply nothing are read all the same.
 */
final class Assembly {
  private final ReplicaClient client;
  private final RestoreOptions options;
  private final RestoreListener listener;
  private final LongAdder downloaded;
  private final RestorePlan plan;
  private final RestoreOutput output;
  private final LongAccumulator rolling = new LongAccumulator((a, b) -> a ^ b, 0);
  private final List<ObjectInfo> objects;
  private final @Nullable LtxSummary[] summaries;

  Assembly(
      ReplicaClient client,
      RestoreOptions options,
      RestoreListener listener,
      LongAdder downloaded,
      RestorePlan plan,
      RestoreOutput output) {
    this.client = client;
    this.options = options;
    this.listener = listener;
    this.downloaded = downloaded;
    this.plan = plan;
    this.output = output;
    this.objects = plan.files().reversed();
    this.summaries = new LtxSummary[objects.size()];
  }

  /**
   * Fills the file.
   *
   * @throws BrokenObject when an object is damaged or gone
   * @throws Refused when objects are not of one database
   */
  Assembled run() throws IOException, BrokenObject {
    try (OpenAhead ahead =
            new OpenAhead(
                client, objects, options.openedBytes(), options.parallelism(), downloaded::add);
        ChunkWorkers workers = new ChunkWorkers(options.parallelism())) {
      OpenedObject newest = ahead.next();
      LtxHeader header = newest.header();
      check(objects.getFirst(), header);
      reserve(header);
      PageClaims claims = new PageClaims(header.commit(), header.pageSize());
      for (int i = 0; i < objects.size(); i++) {
        OpenedObject opened = i == 0 ? newest : ahead.next();
        check(objects.get(i), opened.header());
        checkPageSize(header, opened, workers);
        submit(i, opened, claims, ahead, workers);
        claims.fileEnded(opened.header().commit());
      }
      workers.drain();
      requireDatabase(header);
      requireComplete(claims, header);
      return new Assembled(PageChecksum.FLAG | rolling.get(), read());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("the restore was cancelled", e);
    }
  }

  /** Sets the length at once, for the lock page may be the last one and stays a hole. */
  private void reserve(LtxHeader header) throws IOException, BrokenObject {
    long bytes = header.commit() * header.pageSize();
    if (!output.hasRoomFor(bytes)) {
      requireIntact(objects.getFirst());
      throw output.noRoomFor(bytes);
    }
    if (bytes > 0) {
      output.channel().write(ByteBuffer.allocate(1), bytes - 1);
    }
  }

  private void submit(
      int number, OpenedObject opened, PageClaims claims, OpenAhead ahead, ChunkWorkers workers)
      throws IOException, BrokenObject, InterruptedException {
    ObjectInfo object = opened.object();
    OpenedObject.Pages pages = claimed(opened, claims);
    AtomicInteger left = new AtomicInteger(Math.max(1, pages.chunks().size()));
    Runnable ended =
        () -> {
          if (left.decrementAndGet() == 0) {
            summaries[number] = pages.verifier().finish();
            ahead.done(object);
            long ofChunks = pages.chunks().stream().mapToLong(LtxChunk::length).sum();
            listener.read(object.sizeBytes() - ofChunks);
            listener.verified(object.name().toString());
          }
        };
    if (pages.chunks().isEmpty()) {
      workers.submit(object, buffers -> ended.run());
    }
    int first = 0;
    for (LtxChunk chunk : pages.chunks()) {
      int position = first;
      workers.submit(
          object,
          buffers -> {
            decode(opened, pages, chunk, position, buffers);
            listener.read(chunk.length());
            ended.run();
          });
      first += chunk.pages();
    }
  }

  private OpenedObject.Pages claimed(OpenedObject opened, PageClaims claims)
      throws IOException, BrokenObject {
    try {
      return opened.pages(options.chunkBytes(), claims::claim);
    } catch (Corrupt e) {
      throw new BrokenObject(opened.object().name(), e);
    }
  }

  /**
   * Decodes a chunk and writes the pages that are wanted of it.
   *
   * @param first position of its first page among those of the object
   */
  private void decode(
      OpenedObject opened,
      OpenedObject.Pages pages,
      LtxChunk chunk,
      int first,
      ChunkWorkers.Buffers buffers)
      throws IOException {
    byte[] bytes = opened.whole();
    int offset = (int) chunk.offset();
    if (bytes == null) {
      bytes = buffers.input(chunk.length());
      offset = 0;
      try (ResumingStream in = opened.fetch(chunk, downloaded::add)) {
        in.readNBytes(bytes, 0, chunk.length());
      }
    }
    ChunkDecoder decoder = pages.verifier().decoder();
    FileChannel channel = output.channel();
    PageRuns runs = new PageRuns(channel, opened.header().pageSize(), buffers.output());
    int[] position = {first};
    long[] checksums = new long[1];
    pages
        .verifier()
        .add(
            decoder.decode(
                chunk,
                bytes,
                offset,
                (pgno, page, checksum) -> {
                  if (pages.wanted().get(position[0]++)) {
                    runs.write(pgno, page);
                    checksums[0] ^= checksum;
                  }
                }));
    runs.flush();
    rolling.accumulate(checksums[0]);
  }

  private void check(ObjectInfo object, LtxHeader header) throws BrokenObject {
    try {
      ObjectCheck.requireName(object, header);
    } catch (Corrupt e) {
      throw new BrokenObject(object.name(), e);
    }
    Instant time = Instant.ofEpochMilli(header.timestampMillis());
    if (plan.target() instanceof RestoreTarget.AtTime at && time.isAfter(at.time())) {
      throw new BrokenObject(
          object.name(),
          new Corrupt(object.name() + " was recorded at " + time + ", later than it was listed"));
    }
  }

  private void checkPageSize(LtxHeader newest, OpenedObject opened, ChunkWorkers workers)
      throws IOException, BrokenObject, InterruptedException {
    if (newest.pageSize() != opened.header().pageSize()) {
      workers.drain();
      requireIntact(opened.object());
      throw new Refused(
          "two databases in one prefix: "
              + opened.object().name()
              + " has pages of "
              + opened.header().pageSize()
              + " bytes, "
              + plan.newest().name()
              + " of "
              + newest.pageSize()
              + "; restore --txid "
              + opened.object().name().max()
              + " or older");
    }
  }

  /** Before what a header says is held against anybody, the header has to be verified. */
  private void requireIntact(ObjectInfo object) throws IOException, BrokenObject {
    try {
      ObjectCheck.read(client, object, downloaded::add);
    } catch (Corrupt | NotFound e) {
      throw new BrokenObject(object.name(), e);
    }
  }

  /** An empty file is never what somebody wants back; SQLite would take it for a new database. */
  private void requireDatabase(LtxHeader header) {
    if (header.commit() == 0) {
      throw new Refused(
          client.url()
              + ": "
              + plan.newest().name()
              + " deletes the database; restore an older state with --txid or --timestamp");
    }
  }

  /**
   * A page that nobody supplied may stay a hole only as a free one. Litestream before 0.5.16 leaves
   * such pages out when a database shrinks and grows again.
   */
  private void requireComplete(PageClaims claims, LtxHeader header) throws IOException {
    OptionalLong missing = claims.missing(1);
    if (missing.isEmpty()) {
      return;
    }
    PageSet free = FreeLeaves.read(output.channel(), header.pageSize(), header.commit());
    byte[] hole = new byte[header.pageSize()];
    for (; missing.isPresent(); missing = claims.missing(missing.getAsLong() + 1)) {
      long pgno = missing.getAsLong();
      if (!free.contains(pgno)) {
        throw new Corrupt("no object of the plan holds page " + pgno);
      }
      rolling.accumulate(PageChecksum.of(pgno, hole, 0, hole.length));
    }
  }

  private List<Assembled.Read> read() {
    List<Assembled.Read> read = new ArrayList<>();
    for (int i = 0; i < summaries.length; i++) {
      LtxSummary summary = summaries[i];
      if (summary == null) {
        throw new IllegalStateException("not verified: " + objects.get(i).name());
      }
      read.add(new Assembled.Read(objects.get(i).name(), summary));
    }
    return read;
  }
}
