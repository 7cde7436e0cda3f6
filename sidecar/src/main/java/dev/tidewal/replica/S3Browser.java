package dev.tidewal.replica;

import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * {@link ObjectBrowser} of a bucket. Unlike LTX keys, these never begin with a slash: Litestream
 * 0.3 joined an empty prefix away.
 */
record S3Browser(S3Bucket bucket, String prefix, String url) implements ObjectBrowser {
  private String base() {
    String path = prefix.replaceAll("/+$", "");
    return path.isEmpty() ? "" : path + "/";
  }

  @Override
  public Iterator<BrowsedObject> browse(String folder) {
    return new Pages(base() + folder);
  }

  @Override
  public InputStream open(String key, long offset, long size) {
    return S3Body.open(bucket, base() + key, offset, size);
  }

  private final class Pages implements Iterator<BrowsedObject> {
    private final String folder;
    private final Queue<BrowsedObject> page = new ArrayDeque<>();
    private @Nullable String token;
    private boolean last;

    private Pages(String folder) {
      this.folder = folder;
    }

    @Override
    public boolean hasNext() {
      while (page.isEmpty() && !last) {
        fetch();
      }
      return !page.isEmpty();
    }

    @Override
    public BrowsedObject next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return page.remove();
    }

    private void fetch() {
      ListObjectsV2Request request =
          ListObjectsV2Request.builder()
              .bucket(bucket.name())
              .prefix(folder)
              .continuationToken(token)
              .build();
      ListObjectsV2Response answer =
          bucket.requests().send("ListObjectsV2", folder, s3 -> s3.listObjectsV2(request));
      for (S3Object object : answer.contents()) {
        String key = object.key().substring(base().length());
        page.add(new BrowsedObject(key, object.size(), object.lastModified()));
      }
      token = answer.nextContinuationToken();
      last = !bucket.goesOn(answer, folder);
    }
  }
}
