package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** One database, or those that a pattern of file names finds. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "has(self.path) != has(self.glob)",
    message = "give either path (one database) or glob (all that match), not both")
@ValidationRule(
    value = "!has(self.path) || !self.path.contains('..')",
    message = "path must not contain '..'")
@ValidationRule(
    value = "!has(self.glob) || !self.glob.contains('..')",
    message = "glob must not contain '..'")
public record DatabaseSpec(
    @JsonPropertyDescription("Path of the database file in the container, such as /data/app.db.")
        @Pattern(Patterns.ABSOLUTE_PATH)
        @Size(max = 1024)
        @Nullable String path,
    @JsonPropertyDescription(
            "File names of databases in one directory, such as /data/*.db; /data/**/*.db looks below"
                + " it at any depth. Databases that appear later are taken in. Needs restore.policy:"
                + " Never: which databases a lost volume had is not known before the application"
                + " starts, so pods with any other policy are refused.")
        @Pattern(Patterns.ABSOLUTE_PATH)
        @Size(max = 1024)
        @Nullable String glob,
    @JsonPropertyDescription("Overrides the replication's syncInterval.")
        @Pattern(Patterns.DURATION)
        @Nullable String syncInterval,
    @JsonPropertyDescription("Overrides the replication's snapshot settings.")
        @Nullable SnapshotSpec snapshot,
    @JsonPropertyDescription(
            "Convert a database in rollback-journal mode to WAL mode, which replication needs; with"
                + " false such a database is refused.")
        @Default("true")
        @Nullable Boolean convert) {}
