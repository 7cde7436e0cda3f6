package dev.tidewal.replica;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The region of a bucket of AWS, from the header {@code x-amz-bucket-region} that S3 puts on every
 * answer to a HEAD of the bucket, refusals and redirections included. No credentials are needed.
 */
final class S3Region {
  private S3Region() {}

  static String of(String bucket, SdkHttpClient http) {
    return of(bucket, builder(http));
  }

  static S3ClientBuilder builder(SdkHttpClient http) {
    return S3Client.builder()
        .httpClient(http)
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .overrideConfiguration(override ->
            override
                .retryStrategy(AwsRetryStrategy.doNotRetry())
                .defaultProfileFile(ProfileFile.aggregator().build()));
  }

  static String of(String bucket, S3ClientBuilder builder) {
    try (S3Client client = builder.build()) {
      return header(client.headBucket(request -> request.bucket(bucket)).sdkHttpResponse())
          .orElse("us-east-1");
    } catch (S3Exception refused) {
      if (refused.statusCode() == 404) {
        throw new S3BatchFailure("NoSuchBucket", "no bucket " + bucket);
      }
      @Nullable AwsErrorDetails details = refused.awsErrorDetails();
      return Optional.ofNullable(details)
          .map(AwsErrorDetails::sdkHttpResponse)
          .flatMap(S3Region::header)
          .orElseThrow(() -> refused);
    }
  }

  private static Optional<String> header(SdkHttpResponse response) {
    return response.firstMatchingHeader("x-amz-bucket-region");
  }
}
