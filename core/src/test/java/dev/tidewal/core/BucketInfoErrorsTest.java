package dev.tidewal.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BucketInfoErrorsTest {
  private static final String S3_SECRET =
      """
      {"endpoint":"https://x.example","region":"r","accessKeyID":"a","accessSecretKey":"verysecret"}\
      """;

  @Test
  void bothSecretsAreRefused() {
    assertRefused(
        spec("\"secretS3\":" + S3_SECRET + ",\"secretAzure\":{\"accessToken\":\"t\"}", "[\"S3\"]"),
        "/cosi/BucketInfo: spec.secretS3 and spec.secretAzure are both set: exactly one must be");
  }

  @Test
  void severalProtocolsAreRefused() {
    assertRefused(
        spec("\"secretS3\":" + S3_SECRET, "[\"S3\",\"Azure\"]"),
        "/cosi/BucketInfo: spec.protocols names several protocols [S3, AZURE]: exactly one is"
            + " usable");
  }

  @Test
  void aProtocolThatContradictsTheSecretIsRefused() {
    assertRefused(
        spec("\"secretS3\":" + S3_SECRET, "[\"Azure\"]"),
        "/cosi/BucketInfo: spec.protocols is AZURE, but the secret is for S3");
  }

  @Test
  void anUnknownProtocolIsNamed() {
    assertRefused(
        spec("\"secretS3\":" + S3_SECRET, "[\"swift\"]"),
        "/cosi/BucketInfo: spec.protocols is 'swift': S3, Azure and GCS are known");
  }

  @Test
  void noProtocolAndNoSecretIsNamed() {
    assertRefused(
        spec("\"secretS3\":null,\"secretAzure\":null", "[\"\"]"),
        "/cosi/BucketInfo: spec.protocols names no protocol, and no secret tells it either");
  }

  @Test
  void anUnknownAuthenticationTypeIsNamed() {
    assertRefused(
        spec("\"secretS3\":" + S3_SECRET, "[\"S3\"]").replace("\"Key\"", "\"Kerberos\""),
        "/cosi/BucketInfo: spec.authenticationType is 'Kerberos': Key and IAM are known");
  }

  @Test
  void everyMissingFieldIsListedAtOnce() {
    assertThatExceptionOfType(TidewalException.Usage.class)
        .isThrownBy(
            () -> parse("{\"spec\":{\"authenticationType\":\"Key\",\"protocols\":[\"S3\"]}}"))
        .withMessageContaining("spec.bucketName is missing (or set bucket)")
        .withMessageContaining("spec.secretS3.accessKeyID is missing (or set access-key-id)")
        .withMessageContaining(
            "spec.secretS3.accessSecretKey is missing (or set secret-access-key)");
  }

  @Test
  void anEndpointThatIsNoAddressIsNamed() {
    assertRefused(
        spec("\"secretS3\":" + S3_SECRET.replace("https://x.example", "ftp://x"), "[\"S3\"]"),
        "/cosi/BucketInfo: spec.secretS3.endpoint is 'ftp://x': not an http or https address of a"
            + " host");
  }

  @Test
  void aSasTokenThatIsNoUriIsNamedButNotShown() {
    assertRefused(
        spec("\"secretAzure\":{\"accessToken\":\"verysecret\"}", "[\"Azure\"]"),
        "/cosi/BucketInfo: spec.secretAzure.accessToken is not a SAS URI of the form"
            + " https://ACCOUNT.HOST/CONTAINER?SAS");
  }

  @Test
  void brokenJsonIsNamedWithItsLineButNotShown() {
    assertRefused(
        "{\"spec\":\n{\"accessSecretKey\": verysecret",
        "/cosi/BucketInfo: not valid JSON at line 2; name the BucketInfo file that COSI wrote");
  }

  @Test
  void aSecretOfSomethingElseIsNamed() {
    assertRefused(
        Map.of("tls.crt", "x", "tls.key", "verysecret"),
        "/cosi: no key of a BucketInfo in any known format, found only [tls.crt, tls.key]; mount the"
            + " Secret of a COSI BucketAccess as a directory");
  }

  @Test
  void flatKeysOfTwoProtocolsAreRefused() {
    assertRefused(
        Map.of("BUCKET_NAME", "b", "AWS_ACCESS_KEY_ID", "a", "HMAC_ACCESS_ID", "verysecret"),
        "/cosi: keys of several protocols {S3=AWS_ACCESS_KEY_ID, GCS=HMAC_ACCESS_ID}: exactly one is"
            + " usable");
  }

  @Test
  void bothFlatFormatsWithDifferentValuesAreRefused() {
    assertRefused(
        Map.of("COSI_S3_BUCKET_ID", "b", "BUCKET_NAME", "other"),
        "/cosi: BUCKET_NAME and COSI_S3_BUCKET_ID differ: keep one of them");
  }

  @Test
  void halfAFlatSecretNamesMissingAndEmptyKeys() {
    assertRefused(
        Map.of("BUCKET_NAME", "", "AWS_ACCESS_KEY_ID", "a"),
        "/cosi: half a BucketInfo: BUCKET_NAME is empty (or set bucket), AWS_SECRET_ACCESS_KEY is"
            + " missing (or set secret-access-key); see the status of the BucketAccess and its"
            + " driver");
  }

  @Test
  void anUnknownAddressingStyleIsNamed() {
    assertRefused(
        Map.of(
            "BUCKET_NAME", "b",
            "AWS_ACCESS_KEY_ID", "a",
            "AWS_SECRET_ACCESS_KEY", "verysecret",
            "AWS_S3_ADDRESSING_STYLE", "dns"),
        "/cosi: AWS_S3_ADDRESSING_STYLE is 'dns': path and virtual are known");
  }

  @Test
  void whatIsSetByHandWinsAndFillsWhatIsMissing() {
    BucketInfo.Overrides byHand =
        new BucketInfo.Overrides(
            Optional.of("real-bucket"),
            Optional.of("minio:9000"),
            Optional.of("eu"),
            Optional.of("id"),
            Optional.of(new Secret("key")));

    BucketInfo info =
        BucketInfo.parse(
            Map.of("BucketInfo", spec("\"secretS3\":{\"region\":\"r\"}", "[\"S3\"]")),
            byHand,
            "/cosi");

    assertThat(info)
        .isInstanceOfSatisfying(
            BucketInfo.S3.class,
            s3 -> {
              assertThat(s3.bucket()).isEqualTo("real-bucket");
              assertThat(s3.endpoint()).hasToString("Optional[https://minio:9000]");
              assertThat(s3.pathStyle()).isTrue();
              assertThat(s3.region()).isEqualTo("eu");
              assertThat(s3.accessKey()).contains(new AccessKey("id", new Secret("key")));
            });
  }

  @Test
  void noSecretShowsInTheTextFormOfAnInfo() {
    BucketInfo info = parse(spec("\"secretS3\":" + S3_SECRET, "[\"S3\"]"));

    assertThat(info.toString()).contains("bucketName-1").doesNotContain("verysecret");
  }

  @Test
  void aDocumentDamagedAnywhereIsReadOrNamedAndNeverShowsTheSecret() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String document = spec("\"secretS3\":" + S3_SECRET, "[\"S3\"]");
    for (int round = 0; round < 3_000; round++) {
      StringBuilder damaged = new StringBuilder(document);
      for (int hit = random.nextInt(3); hit >= 0; hit--) {
        int at = random.nextInt(damaged.length() - 20);
        switch (random.nextInt(3)) {
          case 0 -> damaged.setCharAt(at, (char) random.nextInt(0x20, 0x7f));
          case 1 -> damaged.delete(at, at + random.nextInt(20));
          default -> damaged.insert(at, damaged.substring(random.nextInt(at + 1), at));
        }
      }
      try {
        parse(damaged.toString());
      } catch (TidewalException.Usage named) {
        assertThat(named.getMessage())
            .as("seed %d round %d: %s", seed, round, damaged)
            .startsWith("/cosi/BucketInfo: ")
            .hasLineCount(1)
            .doesNotContain("verysecret");
      }
    }
  }

  private static String spec(String secrets, String protocols) {
    return """
    {"metadata":{},"spec":{"bucketName":"bucketName-1","authenticationType":"Key",%s,"protocols":%s}}
    """
        .formatted(secrets, protocols);
  }

  private static BucketInfo parse(String document) {
    return BucketInfo.parse(Map.of("BucketInfo", document), BucketInfo.Overrides.NONE, "/cosi");
  }

  private static void assertRefused(String document, String message) {
    assertRefused(Map.of("BucketInfo", document), message);
  }

  private static void assertRefused(Map<String, String> data, String message) {
    assertThatExceptionOfType(TidewalException.Usage.class)
        .isThrownBy(() -> BucketInfo.parse(data, BucketInfo.Overrides.NONE, "/cosi"))
        .withMessage(message);
  }
}
