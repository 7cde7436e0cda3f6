package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A replica in a bucket behind the S3 protocol, laid out as Litestream does ({@link S3Keys}).
 *
 * <p>CREATE is {@code If-None-Match: *} on a single PutObject and on the completion of a multipart
 * upload; whether the store keeps the condition is for {@code StoreProbe} to find out. When the
 * answer to a CREATE is lost and the attempt after it meets the object, that is a {@link
 * TidewalException.PreconditionFailed}, and the caller has to look whose object it is.
 */
public final class S3ReplicaClient implements ReplicaClient, ProbeStore {
  private final S3Settings settings;
  private final S3Keys keys;
  private final PartBuffers buffers;
  private final S3Requests requests;
  private final S3Bucket bucket;
  private final S3Stats stats;
  private final S3Deletes deletes;
  private final S3Copies copies;
  private final Runnable onClose;

  S3ReplicaClient(
      S3Settings settings,
      S3Connection connection,
      PartBuffers buffers,
      RetryPolicy policy,
      RequestObserver observer,
      long largestSingleCopy,
      Runnable onClose) {
    this.settings = settings;
    this.keys = new S3Keys(settings.prefix());
    this.buffers = buffers;
    this.requests = new S3Requests(connection, settings.bucket(), policy, observer);
    this.bucket = new S3Bucket(requests, settings.bucket(), new S3Protection(settings.storage()));
    this.stats = new S3Stats(bucket, keys);
    this.deletes = new S3Deletes(bucket);
    this.copies = new S3Copies(bucket, largestSingleCopy);
    this.onClose = onClose;
  }

  @Override
  public String type() {
    return settings.type();
  }

  @Override
  public String url() {
    return settings.url();
  }

  @Override
  public Iterator<ObjectInfo> list(int level, Txid seek, boolean exactTimes) {
    return new S3Listing(
        bucket, keys, level, seek, exactTimes ? Optional.of(stats) : Optional.empty());
  }

  @Override
  public ObjectInfo stat(LtxName name) {
    return stats.of(name);
  }

  @Override
  public InputStream open(LtxName name, long offset, long size) {
    return S3Body.open(bucket, keys.object(name), offset, size);
  }

  @Override
  public ObjectInfo write(
      LtxName name, ObjectMetadata metadata, WriteMode mode, long maxSizeBytes, Content content) {
    try (S3Upload upload =
        upload(keys.object(name), MetadataText.of(metadata), mode, maxSizeBytes)) {
      content.writeTo(upload);
      Instant stored = upload.finish();
      return new ObjectInfo(name, upload.size(), stored, metadata);
    } catch (IOException source) {
      throw new UncheckedIOException(source);
    }
  }

  private S3Upload upload(
      String key, Map<String, String> metadata, WriteMode mode, long maxSizeBytes) {
    return new S3Upload(bucket, buffers, settings.storage(), key, metadata, mode, maxSizeBytes);
  }

  @Override
  public ObjectInfo createMultipart(LtxName name, byte[] bytes) {
    ObjectMetadata metadata = ObjectMetadata.at(Instant.EPOCH);
    PartBuffer part = buffers.acquire(bytes.length, bytes.length);
    part.write(bytes, 0, bytes.length);
    try (part;
        S3Multipart upload =
            S3Multipart.beginUnseen(
                bucket, keys.object(name), MetadataText.of(metadata), WriteMode.CREATE, 1)) {
      upload.send(part);
      return new ObjectInfo(name, bytes.length, upload.complete(bytes.length), metadata);
    }
  }

  @Override
  public Optional<LtxName> firstListed(int level, Txid seek) {
    ListObjectsV2Request request =
        ListObjectsV2Request.builder()
            .bucket(settings.bucket())
            .prefix(keys.level(level))
            .startAfter(keys.before(level, seek))
            .build();
    return requests
        .send("ListObjectsV2", keys.level(level), s3 -> s3.listObjectsV2(request))
        .contents()
        .stream()
        .findFirst()
        .flatMap(object -> keys.parse(level, object.key()));
  }

  @Override
  public ObjectInfo copy(LtxName from, LtxName to) {
    HeadObjectResponse source = bucket.head(keys.object(from));
    Instant stored = copies.copy(keys.object(from), source, keys.object(to));
    return new ObjectInfo(
        to, source.contentLength(), stored, MetadataText.parse(source.metadata()));
  }

  @Override
  public void delete(Collection<LtxName> names) {
    deletes.delete(names.stream().map(keys::object).toList());
  }

  @Override
  public void deleteAll() {
    for (int level = 0; level <= LtxName.SNAPSHOT_LEVEL; level++) {
      List<String> found = new ArrayList<>();
      list(level, Txid.ZERO, false)
          .forEachRemaining(object -> found.add(keys.object(object.name())));
      deletes.delete(found);
    }
    deletes.delete(documents());
    abortUploads();
  }

  private List<String> documents() {
    ListObjectsV2Request request =
        ListObjectsV2Request.builder().bucket(settings.bucket()).prefix(keys.documents()).build();
    return requests
        .send("ListObjectsV2", keys.documents(), s3 -> s3.listObjectsV2(request))
        .contents()
        .stream()
        .map(S3Object::key)
        .filter(keys::isDocument)
        .toList();
  }

  /** What crashed uploads left; not every store lists them. */
  private void abortUploads() {
    ListMultipartUploadsRequest request =
        ListMultipartUploadsRequest.builder()
            .bucket(settings.bucket())
            .prefix(keys.prefix() + "/")
            .build();
    List<MultipartUpload> uploads;
    try {
      uploads =
          requests
              .send(
                  "ListMultipartUploads",
                  keys.prefix() + "/",
                  s3 -> s3.listMultipartUploads(request))
              .uploads();
    } catch (TidewalException.StoreUnreachable
        | TidewalException.PermissionDenied
        | TidewalException.NotFound unknown) {
      return;
    }
    for (MultipartUpload upload : uploads) {
      if (keys.isObject(upload.key())) {
        S3Multipart.abort(bucket, upload.key(), upload.uploadId());
      }
    }
  }

  @Override
  public Optional<byte[]> readDocument(String name) {
    String key = keys.document(name);
    try (InputStream in = S3Body.open(bucket, key, 0, 0)) {
      return Optional.of(in.readAllBytes());
    } catch (TidewalException.NotFound absent) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void writeDocument(String name, byte[] bytes, WriteMode mode) {
    try (S3Upload upload = upload(keys.document(name), Map.of(), mode, bytes.length)) {
      upload.write(bytes, 0, bytes.length);
      upload.finish();
    }
  }

  @Override
  public Optional<ObjectBrowser> browser() {
    return Optional.of(new S3Browser(bucket, settings.prefix(), url()));
  }

  @Override
  public Instant storeTime() {
    return requests.storeTime();
  }

  @Override
  public void close() {
    onClose.run();
  }
}
