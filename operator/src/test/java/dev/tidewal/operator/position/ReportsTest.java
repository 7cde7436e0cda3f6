package dev.tidewal.operator.position;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.PositionReport;
import dev.tidewal.crds.DatabaseStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportsTest {
  @Test
  void aPodReplacesItsOwnRecordsOnly() {
    List<DatabaseStatus> first =
        Reports.merged(List.of(), "shop-0", report("/a", "01", "replicating"));
    List<DatabaseStatus> both = Reports.merged(first, "shop-1", report("/a", "05", "replicating"));

    List<DatabaseStatus> after = Reports.merged(both, "shop-0", report("/b", "02", "replicating"));

    assertThat(after)
        .extracting(record -> record.pod() + record.database() + record.txid())
        .containsExactlyInAnyOrder("shop-1/a05", "shop-0/b02");
  }

  @Test
  void onlyAChangeOfStateIsUrgent() {
    List<DatabaseStatus> first =
        Reports.merged(List.of(), "shop-0", report("/a", "01", "replicating"));

    assertThat(
            Reports.isUrgent(
                first, Reports.merged(first, "shop-0", report("/a", "02", "replicating"))))
        .isFalse();
    assertThat(
            Reports.isUrgent(first, Reports.merged(first, "shop-0", report("/a", "01", "fenced"))))
        .isTrue();
  }

  @Test
  void aLongErrorIsCut() {
    PositionReport report =
        new PositionReport(
            1,
            "n/shop",
            null,
            false,
            List.of(
                new PositionReport.Database(
                    "/a",
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    "degraded",
                    "X",
                    "x".repeat(10_000))));

    assertThat(Reports.merged(List.of(), "p", report).getFirst().lastError()).hasSize(512);
  }

  @Test
  void reportsOfOtherVersionsAreRead() throws IOException {
    String newer =
        """
        {"version":9,"replication":"n/shop","news":{"x":1},
         "databases":[{"database":"/a","state":"replicating","colour":"blue"}]}
        """;

    PositionReport read = PositionReport.parse(newer.getBytes(StandardCharsets.UTF_8));

    assertThat(read.databases()).hasSize(1);
    assertThat(PositionReport.parse(read.toJson())).isEqualTo(read);
  }

  @Test
  void aPathThatIsSaidTwiceCountsOnce() {
    PositionReport report =
        new PositionReport(
            1,
            "n/shop",
            null,
            false,
            List.of(database("/a", "01"), database("/b", "02"), database("/a", "03")));

    assertThat(Reports.merged(List.of(), "p", report))
        .extracting(record -> record.database() + record.txid())
        .containsExactly("/a03", "/b02");
  }

  @Test
  void whatIsLongIsCutAndWhatIsEmptyIsNothing() {
    PositionReport report =
        new PositionReport(
            1,
            "n/shop",
            "",
            false,
            List.of(database("/" + "a".repeat(2000), "0".repeat(1000)), database("", "01")));

    List<DatabaseStatus> records = Reports.merged(List.of(), "p", report);

    assertThat(records).hasSize(1);
    assertThat(records.getFirst().database()).hasSize(1024);
    assertThat(records.getFirst().txid()).hasSize(253);
    assertThat(records.getFirst().node()).isNull();
  }

  @Test
  void onlyTheNewestOfThoseThatStoppedAreKept() {
    List<DatabaseStatus> records = List.of();
    for (int i = 0; i < 30; i++) {
      records = Reports.merged(records, "pod-" + i, report("/a", "01", "stopped"));
    }
    records = Reports.merged(records, "pod-new", report("/a", "02", "replicating"));

    List<DatabaseStatus> kept = Reports.withoutOldest(records, Set.of("pod-0"));

    assertThat(kept).hasSize(1 + 20 + 1);
    assertThat(kept)
        .extracting(DatabaseStatus::pod)
        .contains("pod-0", "pod-10", "pod-29", "pod-new");
    assertThat(kept).extracting(DatabaseStatus::pod).doesNotContain("pod-1", "pod-9");
  }

  @Test
  void aReportThatWaitedTooLongReplacesNothingNewer() {
    List<DatabaseStatus> there =
        Reports.merged(List.of(), "shop-0", syncedAt("2026-11-20T12:00:10Z"));
    Map<String, PositionReport> waited =
        Map.of(
            "shop-0", syncedAt("2026-11-20T12:00:00Z"), "shop-1", syncedAt("2026-11-20T12:00:00Z"));

    assertThat(Reports.withoutOutdated(there, waited)).containsOnlyKeys("shop-1");
  }

  private static PositionReport syncedAt(String time) {
    return new PositionReport(
        1,
        "n/shop",
        null,
        false,
        List.of(
            new PositionReport.Database(
                "/a",
                null,
                "01",
                "01",
                0L,
                0L,
                time,
                null,
                null,
                null,
                "replicating",
                "Resumed",
                null)));
  }

  @Test
  void onesThatWentWithoutAWordAreForgotten() {
    List<DatabaseStatus> records =
        Reports.merged(
            Reports.merged(List.of(), "ended", report("/a", "01", "stopped")),
            "killed",
            report("/a", "01", "replicating"));

    assertThat(Reports.withoutGone(records, Set.of()))
        .extracting(DatabaseStatus::pod)
        .containsExactly("ended");
  }

  private static PositionReport.Database database(String path, String txid) {
    return new PositionReport.Database(
        path, null, txid, txid, 0L, 0L, null, null, null, null, "replicating", "Resumed", "");
  }

  private static PositionReport report(String database, String txid, String state) {
    return new PositionReport(
        1,
        "n/shop",
        "node",
        false,
        List.of(
            new PositionReport.Database(
                database, null, txid, txid, 0L, 0L, null, null, null, null, state, "Resumed",
                null)));
  }
}
