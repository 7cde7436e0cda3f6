package dev.tidewal.core;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidewal.core.BucketInfoKey.Format;
import dev.tidewal.core.BucketInfoKey.Protocol;
import dev.tidewal.core.BucketInfoValues.Credentials;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON document of COSI v1alpha1 (format A).
 *
 * <p>Seen in the field: {@code KEY}, {@code Key} or {@code IAM}; {@code protocols} as an array, as
 * an object, or as {@code [""]}; the v0.1.0 sidecar's {@code acessToken}; keys nobody knows.
 */
final class BucketInfoJson {
  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private final String where;

  private BucketInfoJson(String where) {
    this.where = where;
  }

  static BucketInfoValues read(String document, String where) {
    return new BucketInfoJson(where).read(document);
  }

  private BucketInfoValues read(String document) {
    JsonNode spec =
        objectAt(parse(document), "spec", "spec")
            .orElseThrow(() -> error("spec", "is missing: this is not a BucketInfo of COSI"));
    Optional<JsonNode> s3 = objectAt(spec, "secretS3", "spec.secretS3");
    Optional<JsonNode> azure = objectAt(spec, "secretAzure", "spec.secretAzure");
    Protocol protocol = protocol(spec, s3.isPresent(), azure.isPresent());
    Map<BucketInfoKey, String> values = new EnumMap<>(BucketInfoKey.class);
    for (BucketInfoKey key : BucketInfoKey.values()) {
      if (key.protocol().equals(Optional.of(protocol))) {
        textAt(spec, key.name(Format.JSON)).ifPresent(text -> values.put(key, text));
      }
    }
    if (protocol == Protocol.AZURE && !values.containsKey(BucketInfoKey.AZURE_TOKEN)) {
      textAt(spec, "spec.secretAzure.acessToken")
          .ifPresent(text -> values.put(BucketInfoKey.AZURE_TOKEN, text));
    }
    return new BucketInfoValues(
        where,
        Format.JSON,
        protocol,
        credentials(spec, s3.isPresent() || azure.isPresent()),
        values);
  }

  private JsonNode parse(String document) {
    try {
      return READER.readValue(document);
    } catch (JacksonException e) {
      // Jackson's own message quotes the document, which holds secrets.
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new TidewalException.Usage(
          where
              + ": not valid JSON at line "
              + line
              + "; name the BucketInfo file that COSI wrote");
    }
  }

  private Protocol protocol(JsonNode spec, boolean s3, boolean azure) {
    if (s3 && azure) {
      throw error("spec.secretS3 and spec.secretAzure", "are both set: exactly one must be");
    }
    List<Protocol> named =
        protocolNames(spec.path("protocols")).stream()
            .filter(name -> !name.isBlank())
            .map(this::protocol)
            .distinct()
            .toList();
    if (named.size() > 1) {
      throw error("spec.protocols", "names several protocols " + named + ": exactly one is usable");
    }
    Optional<Protocol> bySecret =
        s3 ? Optional.of(Protocol.S3) : azure ? Optional.of(Protocol.AZURE) : Optional.empty();
    Protocol protocol =
        named.stream()
            .findFirst()
            .or(() -> bySecret)
            .orElseThrow(
                () -> error("spec.protocols", "names no protocol, and no secret tells it either"));
    if (bySecret.isPresent() && bySecret.get() != protocol) {
      throw error("spec.protocols", "is " + protocol + ", but the secret is for " + bySecret.get());
    }
    return protocol;
  }

  private Protocol protocol(String name) {
    return Protocol.parse(name)
        .orElseThrow(() ->
            error("spec.protocols", "is " + Quoted.of(name) + ": S3, Azure and GCS are known"));
  }

  private List<String> protocolNames(JsonNode protocols) {
    List<String> names = new ArrayList<>();
    switch (protocols.getNodeType()) {
      case MISSING, NULL -> {}
      case STRING -> names.add(protocols.textValue());
      case ARRAY -> protocols.forEach(element -> names.addAll(protocolNames(element)));
      case OBJECT ->
          protocols
              .properties()
              .forEach(entry -> {
                if (!entry.getValue().isNull()) {
                  names.add(entry.getKey());
                }
              });
      case BINARY, BOOLEAN, NUMBER, POJO -> throw error("spec.protocols", "is not a list of names");
    }
    return names;
  }

  private Credentials credentials(JsonNode spec, boolean secretPresent) {
    String type = textAt(spec, "spec.authenticationType").orElse("").strip();
    return switch (type.toUpperCase(Locale.ROOT)) {
      case "KEY" -> Credentials.KEYS;
      case "IAM", "SERVICEACCOUNT" -> Credentials.CHAIN;
      case "" -> {
        if (!secretPresent) {
          throw error("spec.authenticationType", "is missing: Key or IAM");
        }
        yield Credentials.KEYS;
      }
      default ->
          throw error(
              "spec.authenticationType", "is " + Quoted.of(type) + ": Key and IAM are known");
    };
  }

  private Optional<JsonNode> objectAt(JsonNode parent, String name, String path) {
    JsonNode node = parent.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isObject()) {
      throw error(path, "is not an object");
    }
    return Optional.of(node);
  }

  /** The text at a path that starts with "spec."; numbers count as text, null as absent. */
  private Optional<String> textAt(JsonNode spec, String path) {
    JsonNode node = spec;
    for (String name : path.isEmpty() ? new String[0] : path.substring(5).split("\\.", -1)) {
      node = node.path(name);
    }
    if (path.isEmpty() || node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isValueNode()) {
      throw error(path, "is not text");
    }
    return Optional.of(node.asText());
  }

  private TidewalException.Usage error(String field, String problem) {
    return new TidewalException.Usage(where + ": " + field + " " + problem);
  }
}
