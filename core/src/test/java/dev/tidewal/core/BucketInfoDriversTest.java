package dev.tidewal.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Documents as the drivers in the field produce them. */
class BucketInfoDriversTest {
  @Test
  void cosiSidecar022() {
    BucketInfo info =
        document(
            """
            {"metadata":{"name":"bc-1e8f5b0c-2d3a-4b5c-9d6e-7f8091a2b3c4","creationTimestamp":null},
             "spec":{"bucketName":"bucket-0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0","authenticationType":"Key",
             "secretS3":{"endpoint":"http://s3.storage.svc:9000","region":"us-east-1",
              "accessKeyID":"AKIA5EXAMPLE","accessSecretKey":"wJalrXUtnFEMI/K7MDENG"},
             "secretAzure":null,"protocols":["S3"]}}
            """);

    assertThat(info)
        .isEqualTo(
            new BucketInfo.S3(
                "bucket-0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
                Optional.of(URI.create("http://s3.storage.svc:9000")),
                "us-east-1",
                true,
                Optional.of(new AccessKey("AKIA5EXAMPLE", new Secret("wJalrXUtnFEMI/K7MDENG"))),
                Optional.empty()));
  }

  @Test
  void cephWithRookWritesLowerCaseProtocolUpperCaseKeyAndNoRegion() {
    BucketInfo.S3 info =
        s3(
            document(
                """
                {"metadata":{"name":"bc-91b8"},"spec":{"bucketName":"sample-bccfa6b1d1","authenticationType":"KEY",
                 "secretS3":{"endpoint":"http://rook-ceph-rgw-my-store.rook-ceph.svc:80/","region":"",
                 "accessKeyID":"U0W9","accessSecretKey":"s3cr3t"},"secretAzure":null,"protocols":["s3"]}}
                """));

    assertThat(info.region()).isEqualTo("us-east-1");
    assertThat(info.endpoint())
        .contains(URI.create("http://rook-ceph-rgw-my-store.rook-ceph.svc:80"));
    assertThat(info.pathStyle()).isTrue();
  }

  @Test
  void linodeGivesABareHost() {
    BucketInfo.S3 info =
        s3(
            document(
                """
                {"spec":{"bucketName":"bucket-7c","authenticationType":"Key","secretS3":
                 {"endpoint":"nl-ams-1.linodeobjects.com","region":"nl-ams","accessKeyID":"L","accessSecretKey":"k"},
                 "protocols":["S3"]}}
                """));

    assertThat(info.endpoint()).contains(URI.create("https://nl-ams-1.linodeobjects.com"));
    assertThat(info.region()).isEqualTo("nl-ams");
  }

  @Test
  void dellLeavesTheRegionOut() {
    BucketInfo.S3 info =
        s3(
            document(
                """
                {"spec":{"bucketName":"dell-1","authenticationType":"Key","secretS3":
                 {"endpoint":"https://objectscale.example:443","accessKeyID":"d","accessSecretKey":"e"},
                 "secretAzure":null,"protocols":["S3"]}}
                """));

    assertThat(info.region()).isEqualTo("us-east-1");
  }

  @Test
  void awsItselfIsAddressedByHostName() {
    BucketInfo.S3 info =
        s3(
            document(
                """
                {"spec":{"bucketName":"b","authenticationType":"Key","secretS3":
                 {"endpoint":"https://s3.eu-west-1.amazonaws.com","region":"eu-west-1","accessKeyID":"a","accessSecretKey":"b"},
                 "protocols":["S3"]}}
                """));

    assertThat(info.pathStyle()).isFalse();
  }

  @Test
  void seaweedMayLeaveTheEndpointEmptyAndThenAwsIsMeant() {
    BucketInfo.S3 info =
        s3(
            document(
                """
                {"spec":{"bucketName":"b","authenticationType":"Key","secretS3":
                 {"endpoint":"","region":"","accessKeyID":"a","accessSecretKey":"b"},"protocols":[""]}}
                """));

    assertThat(info.endpoint()).isEmpty();
    assertThat(info.pathStyle()).isFalse();
  }

  @Test
  void iamHasNoKeysAndTheSecretsOfTheDocumentDoNotCount() {
    BucketInfo.S3 info =
        s3(
            document(
                """
                {"spec":{"bucketName":"b","authenticationType":"iam","secretS3":
                 {"endpoint":"","region":"eu-west-1","accessKeyID":"","accessSecretKey":""},
                 "secretAzure":null,"protocols":["S3"]}}
                """));

    assertThat(info.accessKey()).isEmpty();
    assertThat(info.region()).isEqualTo("eu-west-1");
  }

  @Test
  void protocolsMayBeAnObject() {
    BucketInfo.S3 info =
        s3(
            document(
                """
                {"apiVersion":"objectstorage.k8s.io/v1alpha1","kind":"BucketInfo",
                 "spec":{"bucketName":"b","authenticationType":"KEY","secretS3":
                 {"endpoint":"https://x.example","region":"r","accessKeyID":"a","accessSecretKey":"b"},
                 "protocols":{"s3":{"signatureVersion":"S3V4"},"azure":null}}}
                """));

    assertThat(info.bucket()).isEqualTo("b");
  }

  @Test
  void azureDriverGivesOnlyASasUri() {
    BucketInfo info =
        document(
            """
            {"spec":{"bucketName":"bc-2f","authenticationType":"Key","secretS3":null,
             "secretAzure":{"accessToken":"https://acct.blob.core.windows.net/backups?sv=2021&sig=abc%3D",
              "expiryTimeStamp":"2026-11-20T06:30:44Z"},"protocols":["Azure"]}}
            """);

    assertThat(info)
        .isEqualTo(
            new BucketInfo.Azure(
                "acct",
                "backups",
                Optional.of(new Secret("sv=2021&sig=abc%3D")),
                Optional.of(Instant.parse("2026-11-20T06:30:44Z")),
                Optional.empty()));
  }

  @Test
  void theMisspelledTokenOfVersion010IsRead() {
    BucketInfo info =
        document(
            """
            {"spec":{"bucketName":"bc-2f","authenticationType":"Key","secretS3":null,
             "secretAzure":{"acessToken":"https://acct.blob.core.windows.net/backups?sig=1",
              "expiryTimeStamp":null},"protocols":["Azure"]}}
            """);

    assertThat(info)
        .isInstanceOfSatisfying(
            BucketInfo.Azure.class,
            azure -> {
              assertThat(azure.sasToken()).contains(new Secret("sig=1"));
              assertThat(azure.expiresAt()).isEmpty();
            });
  }

  @Test
  void garageOperatorWritesFormatBAndOldAliases() {
    BucketInfo.S3 info =
        s3(
            flat(
                Map.of(
                    "COSI_PROTOCOL", "S3",
                    "COSI_CERTIFICATE_AUTHORITY", "",
                    "COSI_S3_BUCKET_ID", "bc-77",
                    "COSI_S3_ENDPOINT", "http://garage.garage.svc:3900",
                    "COSI_S3_REGION", "garage",
                    "COSI_S3_ADDRESSING_STYLE", "path",
                    "COSI_S3_ACCESS_KEY_ID", "GK31",
                    "COSI_S3_ACCESS_SECRET_KEY", "b892\n",
                    "S3_BUCKET", "bc-77")));

    assertThat(info.bucket()).isEqualTo("bc-77");
    assertThat(info.region()).isEqualTo("garage");
    assertThat(info.accessKey()).contains(new AccessKey("GK31", new Secret("b892")));
  }

  @Test
  void tridentStyleFormatCFollowsTheAddressingKeyAndCarriesACertificate() {
    BucketInfo.S3 info =
        s3(
            flat(
                Map.of(
                    "COSI_PROTOCOL", "S3",
                    "COSI_CERTIFICATE_AUTHORITY", "-----BEGIN CERTIFICATE-----",
                    "BUCKET_NAME", "tenant-1",
                    "AWS_ENDPOINT_URL", "https://storagegrid.example:10443",
                    "AWS_DEFAULT_REGION", "us-east-1",
                    "AWS_S3_ADDRESSING_STYLE", "virtual",
                    "AWS_ACCESS_KEY_ID", "SG",
                    "AWS_SECRET_ACCESS_KEY", "K")));

    assertThat(info.pathStyle()).isFalse();
    assertThat(info.certificateAuthority()).contains("-----BEGIN CERTIFICATE-----");
  }

  @Test
  void serviceAccountModeHasTheKeysButEmpty() {
    BucketInfo.S3 info =
        s3(
            flat(
                Map.of(
                    "BUCKET_NAME", "b",
                    "AWS_ENDPOINT_URL", "https://s3.example",
                    "AWS_DEFAULT_REGION", "eu-1",
                    "AWS_S3_ADDRESSING_STYLE", "path",
                    "AWS_ACCESS_KEY_ID", "",
                    "AWS_SECRET_ACCESS_KEY", "")));

    assertThat(info.accessKey()).isEmpty();
  }

  @Test
  void gcsOfFormatC() {
    BucketInfo info =
        flat(
            Map.of(
                "COSI_PROTOCOL", "GCS",
                "BUCKET_NAME", "bkt",
                "PROJECT_ID", "proj-1",
                "HMAC_ACCESS_ID", "GOOG1",
                "HMAC_SECRET", "sec",
                "SERVICE_ACCOUNT_NAME", "sa@proj-1.iam"));

    assertThat(info)
        .isEqualTo(
            new BucketInfo.Gcs(
                "bkt",
                Optional.of("proj-1"),
                Optional.of(new AccessKey("GOOG1", new Secret("sec"))),
                Optional.empty(),
                Optional.of("sa@proj-1.iam"),
                Optional.empty()));
  }

  @Test
  void azureOfFormatB() {
    BucketInfo info =
        flat(
            Map.of(
                "COSI_AZURE_STORAGE_ACCOUNT", "acct",
                "COSI_AZURE_ACCESS_TOKEN", "https://acct.blob.core.windows.net/c1?sig=1",
                "COSI_AZURE_EXPIRY_TIMESTAMP", ""));

    assertThat(info)
        .isEqualTo(
            new BucketInfo.Azure(
                "acct",
                "c1",
                Optional.of(new Secret("sig=1")),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void theSampleDriversMisnamedKeyIsNamedAsMissing() {
    assertThatExceptionOfType(TidewalException.Usage.class)
        .isThrownBy(() ->
            document(
                """
                {"spec":{"bucketName":"b","authenticationType":"Key","secretS3":
                 {"endpoint":"","region":"","accessKeyID":"","accessKeyId":"x","accessSecretKey":"y"},"protocols":["S3"]}}
                """))
        .withMessage(
            "/cosi/BucketInfo: half a BucketInfo: spec.secretS3.accessKeyID is empty (or set"
                + " access-key-id); see the status of the BucketAccess and its driver");
  }

  private static BucketInfo document(String json) {
    return flat(Map.of("BucketInfo", json));
  }

  private static BucketInfo flat(Map<String, String> data) {
    return BucketInfo.parse(data, BucketInfo.Overrides.NONE, "/cosi");
  }

  private static BucketInfo.S3 s3(BucketInfo info) {
    assertThat(info).isInstanceOf(BucketInfo.S3.class);
    return (BucketInfo.S3) info;
  }
}
