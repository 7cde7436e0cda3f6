package dev.tidewal.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewal.crds.ReplicationStatus;
import dev.tidewal.crds.SqliteReplication;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Scenario 1 and the heart of 3: a replication to plain S3, and volumes that are lost. */
@Tag("e2e")
class PlainS3Test {
  @Test
  void aPodWhoseVolumeIsLostGoesOnWithEveryCommit() throws Exception {
    Lab lab = Lab.shared();
    String namespace = lab.newNamespace("plain-s3");
    lab.apply(
        namespace,
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: keys}
        stringData: {AWS_ACCESS_KEY_ID: %s, AWS_SECRET_ACCESS_KEY: %s}
        ---
        apiVersion: tidewal.dev/v1alpha1
        kind: SqliteReplication
        metadata: {name: shop}
        spec:
          databases: [{path: /data/app.db}]
          destinations:
            - s3: {bucket: %s, endpoint: '%s', credentials: {secretName: keys}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: shop}
        spec:
          strategy: {type: Recreate}
          selector: {matchLabels: {app: shop}}
          template:
            metadata:
              labels: {app: shop}
              annotations: {tidewal.dev/inject: shop}
            spec:
              securityContext:
                {runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532, runAsNonRoot: true}
              containers:
                - name: app
                  image: tidewal/e2e-writer:%s
                  imagePullPolicy: Never
                  args: [/data/app.db]
                  volumeMounts: [{name: data, mountPath: /data}]
              volumes: [{name: data, emptyDir: {}}]
        """
            .formatted(Lab.ACCESS_KEY, Lab.SECRET_KEY, Lab.BUCKET, lab.s3Endpoint(), Lab.TAG));
    try {
      await().atMost(Lab.PATIENCE).until(() -> phase(lab, namespace).equals("Replicating"));
      Pod first = lab.pod(namespace, "shop").orElseThrow();
      String firstName = first.getMetadata().getName();
      assertThat(first.getSpec().getInitContainers())
          .extracting(Container::getName)
          .startsWith("tidewal-restore", "tidewal");
      String early = status(lab, namespace).durableTxid();
      await()
          .atMost(Lab.PATIENCE)
          .until(() -> status(lab, namespace).durableTxid().compareTo(early) > 0);
      System.out.println(lab.kubectl("get", "sqr", "-n", namespace, "-o", "wide"));

      long before = lab.said(namespace, firstName, "committed").orElseThrow();
      lab.client().pods().inNamespace(namespace).withName(firstName).delete();

      await()
          .atMost(Lab.PATIENCE)
          .until(() ->
              lab.pod(namespace, "shop")
                  .map(pod -> pod.getMetadata().getName())
                  .filter(name -> !name.equals(firstName))
                  .flatMap(name -> lab.said(namespace, name, "found"))
                  .isPresent());
      String second = lab.pod(namespace, "shop").orElseThrow().getMetadata().getName();
      assertThat(lab.said(namespace, second, "found").orElseThrow())
          .as("rows after the volume was lost")
          .isGreaterThanOrEqualTo(before);
    } catch (Throwable failed) {
      System.out.println(lab.kubectl("get", "pods,sqr", "-A", "-o", "wide"));
      System.out.println(lab.kubectl("describe", "pods", "-n", namespace));
      System.out.println(
          lab.kubectl("logs", "-n", namespace, "-l", "app=shop", "--all-containers", "--tail=40"));
      System.out.println(
          lab.kubectl("logs", "-n", "tidewal-system", "deploy/tidewal", "--tail=60"));
      throw failed;
    }
  }

  private static String phase(Lab lab, String namespace) {
    ReplicationStatus status = status(lab, namespace);
    return status == null || status.phase() == null ? "" : status.phase().name();
  }

  private static ReplicationStatus status(Lab lab, String namespace) {
    return lab.client()
        .resources(SqliteReplication.class)
        .inNamespace(namespace)
        .withName("shop")
        .get()
        .getStatus();
  }
}
