package dev.tidewal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.replicate.ReplicationState;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EngineMetricsTest {
  private final FakeDatabases databases = new FakeDatabases();
  private final EngineMetrics metrics = new EngineMetrics();
  private final Pages pages = new Pages(databases, metrics);

  @Test
  void everyMetricOfTheCatalogueIsScrapedAndNoOther() {
    databases.put("/data/app.db", ReplicationState.REPLICATING, "Resumed", "");
    tellEverything("/data/app.db");

    Set<String> scraped = new TreeSet<>();
    Matcher types = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$").matcher(scrape());
    while (types.find()) {
      scraped.add(types.group(1) + " " + types.group(2));
    }

    Set<String> catalogue = new TreeSet<>();
    for (Metric metric : Metric.values()) {
      switch (metric.kind()) {
        case GAUGE -> catalogue.add(metric.metricName() + " gauge");
        case COUNTER -> catalogue.add(metric.metricName() + " counter");
        case HISTOGRAM -> {
          catalogue.add(metric.metricName() + " histogram");
          catalogue.add(metric.metricName() + "_max gauge");
        }
      }
    }
    catalogue.remove("tidewal_last_snapshot_timestamp_seconds gauge");
    assertThat(scraped).isEqualTo(catalogue);
  }

  @Test
  void aDatabaseShowsItsPositionsLagAndState() {
    databases.put("/data/app.db", ReplicationState.DEGRADED, "StoreUnreachable", "");

    String text = scrape();

    assertThat(text)
        .contains("tidewal_local_txid{db=\"/data/app.db\"} 12.0\n")
        .contains("tidewal_durable_txid{db=\"/data/app.db\"} 10.0\n")
        .contains("tidewal_lag_seconds{db=\"/data/app.db\"} 1.5\n")
        .contains("tidewal_lag_bytes{db=\"/data/app.db\"} 8240.0\n")
        .contains(
            "tidewal_state{db=\"/data/app.db\",reason=\"StoreUnreachable\",state=\"degraded\"} 1.0\n")
        .contains(
            "tidewal_destination_durable_txid"
                + "{db=\"/data/app.db\",destination=\"file:///replica\",type=\"file\"} 10.0\n");
  }

  @Test
  void aStoreRequestIsCountedByTypeOperationAndCode() {
    metrics.request("s3", "PUT", "ok", Duration.ofMillis(12), 4096);
    metrics.request("s3", "PUT", "throttled", Duration.ofMillis(3), 0);

    String text = scrape();

    assertThat(text)
        .contains("tidewal_store_requests_total{code=\"ok\",operation=\"PUT\",type=\"s3\"} 1.0\n")
        .contains(
            "tidewal_store_requests_total{code=\"throttled\",operation=\"PUT\",type=\"s3\"} 1.0\n")
        .contains("tidewal_store_request_bytes_total{operation=\"PUT\",type=\"s3\"} 4096.0\n")
        .contains("tidewal_store_request_seconds_count{operation=\"PUT\",type=\"s3\"} 2\n");
  }

  @Test
  void onlyASealThatHeldTheLockIsAStall() {
    metrics.sealed("/data/app.db", Duration.ZERO);
    metrics.sealed("/data/app.db", Duration.ofMillis(7));

    String text = scrape();

    assertThat(text)
        .contains("tidewal_seals_total{lock=\"none\"} 1.0\n")
        .contains("tidewal_seals_total{lock=\"held\"} 1.0\n")
        .contains("tidewal_stall_seconds_count 1\n");
  }

  @Test
  void aDatabaseThatLeftLeavesNoSeries() {
    databases.put("/data/app.db", ReplicationState.REPLICATING, "Resumed", "");
    tellEverything("/data/app.db");
    assertThat(scrape()).contains("/data/app.db");

    databases.remove("/data/app.db");

    assertThat(scrape()).doesNotContain("/data/app.db");
  }

  @Test
  void aScraperThatWantsOpenMetricsGetsIt() {
    Response answer =
        pages.answer(
            new Request(
                "GET",
                "/metrics",
                Map.of(),
                "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"));

    assertThat(answer.contentType()).startsWith("application/openmetrics-text");
    assertThat(answer.body()).endsWith("# EOF\n");
  }

  private void tellEverything(String database) {
    metrics.acknowledged(database, 4096, 3, Duration.ofMillis(8));
    metrics.request("file", "write", "ok", Duration.ofMillis(1), 4096);
    metrics.sealed(database, Duration.ofMillis(2));
    metrics.compacted(database, 1, 30, 100_000, Duration.ofMillis(40));
    metrics.restored(database, 12, 1_000_000, Duration.ofSeconds(1));
  }

  private String scrape() {
    return pages.answer(new Request("GET", "/metrics", Map.of(), "")).body();
  }
}
