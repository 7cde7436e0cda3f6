package dev.tidewal.replica;

import dev.tidewal.core.TidewalException;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/**
 * Deletes keys, 1,000 in a request; one by one in a store that has shown that it doesn't know the
 * batch. An answer of 200 with an error inside is an error.
 */
final class S3Deletes {
  private static final int BATCH = 1_000;

  private final S3Bucket bucket;
  private volatile boolean oneByOne;

  S3Deletes(S3Bucket bucket) {
    this.bucket = bucket;
  }

  void delete(List<String> keys) {
    for (int from = 0; from < keys.size(); from += BATCH) {
      List<String> batch = keys.subList(from, Math.min(from + BATCH, keys.size()));
      if (batch.size() == 1 || oneByOne) {
        batch.forEach(this::deleteOne);
      } else {
        deleteBatch(batch);
      }
    }
  }

  private void deleteBatch(List<String> keys) {
    List<ObjectIdentifier> identifiers = new ArrayList<>();
    keys.forEach(key -> identifiers.add(ObjectIdentifier.builder().key(key).build()));
    DeleteObjectsRequest request =
        DeleteObjectsRequest.builder()
            .bucket(bucket.name())
            .delete(delete -> delete.objects(identifiers).quiet(true))
            .build();
    String shown = keys.getFirst() + " and " + (keys.size() - 1) + " more";
    try {
      bucket
          .requests()
          .send("DeleteObjects", shown, s3 -> requireDeleted(s3.deleteObjects(request)));
    } catch (TidewalException.StoreUnreachable refused) {
      if (!isUnknownRequest(refused)) {
        throw refused;
      }
      keys.forEach(this::deleteOne);
      oneByOne = true;
    }
  }

  private static DeleteObjectsResponse requireDeleted(DeleteObjectsResponse answer) {
    for (S3Error error : answer.errors()) {
      if (!"NoSuchKey".equals(error.code())) {
        throw new S3BatchFailure(
            String.valueOf(error.code()), error.message() + " (" + error.key() + ")");
      }
    }
    return answer;
  }

  /** 400, 405, 411 and 501 are what stores answer to a POST that they don't know. */
  private static boolean isUnknownRequest(TidewalException.StoreUnreachable refused) {
    return refused.getCause() != null
        && List.of("400", "405", "411", "501").contains(S3Failure.of(refused.getCause()).code());
  }

  private void deleteOne(String key) {
    DeleteObjectRequest request =
        DeleteObjectRequest.builder().bucket(bucket.name()).key(key).build();
    try {
      bucket.requests().send("DeleteObject", key, s3 -> s3.deleteObject(request));
    } catch (TidewalException.NotFound absent) {
      // S3 answers 204 to it, some stores don't.
    }
  }
}
