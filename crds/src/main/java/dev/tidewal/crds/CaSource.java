package dev.tidewal.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Certificates in a ConfigMap or a Secret. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "has(self.configMapName) != has(self.secretName)",
    message = "give either configMapName or secretName")
public record CaSource(
    @JsonPropertyDescription("ConfigMap in the namespace of the replication.")
        @Pattern(Patterns.DNS_NAME)
        @Nullable String configMapName,
    @JsonPropertyDescription("Secret in the namespace of the replication.")
        @Pattern(Patterns.DNS_NAME)
        @Nullable String secretName,
    @JsonPropertyDescription("Its entry with the certificates.") @Default("ca.crt")
        @Nullable String key) {}
