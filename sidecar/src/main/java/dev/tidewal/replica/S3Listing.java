package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * One level of a replica, page by page, the first at once. Strangers are left out; so is what lies
 * before the seek, because some stores ignore a start that is no key. A store that lists out of
 * order is refused: everything above relies on the order.
 */
final class S3Listing implements Iterator<ObjectInfo> {
  private final S3Bucket bucket;
  private final S3Keys keys;
  private final int level;
  private final Txid seek;
  private final Optional<S3Stats> stats;
  private final Queue<ObjectInfo> page = new ArrayDeque<>();
  private @Nullable String token;
  private boolean last;
  private @Nullable LtxName previous;

  /**
   * @param stats asks for the metadata of each object; empty = the cheap listing
   */
  S3Listing(S3Bucket bucket, S3Keys keys, int level, Txid seek, Optional<S3Stats> stats) {
    this.bucket = bucket;
    this.keys = keys;
    this.level = level;
    this.seek = seek;
    this.stats = stats;
    fetch();
  }

  @Override
  public boolean hasNext() {
    while (page.isEmpty() && !last) {
      fetch();
    }
    return !page.isEmpty();
  }

  @Override
  public ObjectInfo next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.remove();
  }

  private void fetch() {
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder().bucket(bucket.name()).prefix(keys.level(level));
    if (token != null) {
      request.continuationToken(token);
    } else if (seek.isAfter(Txid.FIRST)) {
      request.startAfter(keys.before(level, seek));
    }
    ListObjectsV2Request built = request.build();
    ListObjectsV2Response answer =
        bucket.requests().send("ListObjectsV2", keys.level(level), s3 -> s3.listObjectsV2(built));
    if (token == null && answer.contents().isEmpty() && keys.beginWithSlash()) {
      requireSlashKept();
    }
    List<ObjectInfo> found = new ArrayList<>();
    for (S3Object object : answer.contents()) {
      keys.parse(level, object.key())
          .filter(name -> !name.min().isBefore(seek))
          .ifPresent(name -> found.add(info(name, object)));
    }
    page.addAll(stats.isPresent() ? stats.get().of(found) : found);
    token = answer.nextContinuationToken();
    last = !bucket.goesOn(answer, keys.level(level));
  }

  /**
   * Some stores take the leading slash off a key when it is written, and not when it is listed: a
   * replica there would look empty.
   */
  private void requireSlashKept() {
    String plain = keys.level(level).substring(1);
    ListObjectsV2Request request =
        ListObjectsV2Request.builder().bucket(bucket.name()).prefix(plain).maxKeys(10).build();
    ListObjectsV2Response answer =
        bucket.requests().send("ListObjectsV2", plain, s3 -> s3.listObjectsV2(request));
    if (answer.contents().stream()
        .anyMatch(object -> keys.parse(level, "/" + object.key()).isPresent())) {
      throw new TidewalException.Refused(
          bucket.requests().describe("ListObjectsV2", keys.level(level))
              + ": the store drops the slash that keys without a path begin with; give the replica"
              + " a path in the bucket");
    }
  }

  private ObjectInfo info(LtxName name, S3Object object) {
    if (previous != null && previous.compareTo(name) >= 0) {
      throw new TidewalException.Refused(
          bucket.requests().describe("ListObjectsV2", keys.level(level))
              + ": the store does not list in the order of keys; try tidewal probe");
    }
    if (object.size() == null || object.lastModified() == null) {
      throw new TidewalException.StoreUnreachable(
          bucket.requests().describe("ListObjectsV2", object.key())
              + ": the listing lacks Size or LastModified; is this S3?");
    }
    previous = name;
    return new ObjectInfo(name, object.size(), object.lastModified(), ObjectMetadata.UNKNOWN);
  }
}
