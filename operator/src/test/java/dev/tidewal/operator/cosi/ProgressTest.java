package dev.tidewal.operator.cosi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Statuses as the versions of COSI have written them. */
class ProgressTest {
  @Test
  void aClaimOfTheFirstVersionNeedsReadinessAndAName() throws IOException {
    assertThat(claim(CosiVersion.V1ALPHA1, "{}")).isEqualTo(new Progress.Pending(""));
    assertThat(claim(CosiVersion.V1ALPHA1, "{status: {bucketReady: true}}"))
        .isEqualTo(new Progress.Pending(""));
    assertThat(claim(CosiVersion.V1ALPHA1, "{status: {bucketReady: true, bucketName: b}}"))
        .isEqualTo(new Progress.Done("b"));
  }

  @Test
  void anAccessOfTheFirstVersionNeedsAnAccount() throws IOException {
    assertThat(access(CosiVersion.V1ALPHA1, "{status: {accessGranted: true}}"))
        .isEqualTo(new Progress.Pending(""));
    assertThat(access(CosiVersion.V1ALPHA1, "{status: {accessGranted: true, accountID: a}}"))
        .isEqualTo(new Progress.Done(""));
  }

  @Test
  void theSecondVersionSaysItByAFieldOrByACondition() throws IOException {
    assertThat(claim(CosiVersion.V1ALPHA2, "{status: {readyToUse: true, boundBucketName: b}}"))
        .isEqualTo(new Progress.Done("b"));
    assertThat(
            claim(
                CosiVersion.V1ALPHA2,
                "{status: {boundBucketName: b, conditions: [{type: Provisioned, status: 'True'}]}}"))
        .isEqualTo(new Progress.Done("b"));
  }

  @Test
  void whatStandsAgainstItIsTold() throws IOException {
    assertThat(claim(CosiVersion.V1ALPHA2, "{status: {error: {message: no class}}}"))
        .isEqualTo(new Progress.Pending("no class"));
    assertThat(
            access(
                CosiVersion.V1ALPHA2,
                "{status: {conditions: [{type: ProvisionFailed, status: 'True', message: quota}]}}"))
        .isEqualTo(new Progress.Pending("quota"));
  }

  @Test
  void anErrorBesideReadinessIsOfALaterLook() throws IOException {
    assertThat(
            claim(
                CosiVersion.V1ALPHA2,
                "{status: {readyToUse: true, boundBucketName: b, error: {message: later}}}"))
        .isEqualTo(new Progress.Done("b"));
  }

  @Test
  void accessesAreWrittenAsEachVersionWantsThem() {
    JsonNode first = Documents.access(CosiVersion.V1ALPHA1, "n", "a", "c", "k", false, Map.of());
    JsonNode second = Documents.access(CosiVersion.V1ALPHA2, "n", "a", "c", "k", false, Map.of());
    JsonNode later = Documents.access(CosiVersion.V1ALPHA2, "n", "a", "c", "k", true, Map.of());

    assertThat(first.at("/spec/credentialsSecretName").asText()).isEqualTo("a");
    assertThat(second.at("/spec/bucketClaims/0/accessMode").asText()).isEqualTo("ReadWrite");
    assertThat(later.at("/spec/bucketClaims/0/accessModes/objectData").asText())
        .isEqualTo("ReadWrite");
    assertThat(List.of(first, second, later))
        .allSatisfy(
            document -> assertThat(document.at("/metadata").has("ownerReferences")).isFalse());
  }

  @Test
  void theNewestVersionThatIsServedIsSpoken() {
    assertThat(CosiVersion.of(List.of("v1alpha1"))).isEqualTo(Optional.of(CosiVersion.V1ALPHA1));
    assertThat(CosiVersion.of(List.of("v1alpha2", "v1beta9")))
        .isEqualTo(Optional.of(CosiVersion.V1ALPHA2));
    assertThat(CosiVersion.of(List.of("v1"))).isEmpty();
  }

  private static Progress claim(CosiVersion version, String yaml) throws IOException {
    return Progress.ofClaim(version, new YAMLMapper().readTree(yaml));
  }

  private static Progress access(CosiVersion version, String yaml) throws IOException {
    return Progress.ofAccess(version, new YAMLMapper().readTree(yaml));
  }
}
