package dev.tidewal.operator.position;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewal.core.PositionReport;
import dev.tidewal.crds.DatabaseStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
