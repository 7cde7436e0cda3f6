package dev.tidewal.legacy;

import dev.tidewal.core.TidewalException.Refused;
import dev.tidewal.replica.ObjectBrowser;
import dev.tidewal.replica.ObjectBrowser.BrowsedObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jpountz.lz4.LZ4FrameInputStream;

/**
 * The generations below a replica's prefix: {@code generations/<16 hex>/snapshots/<index>.snapshot
 * .lz4} and {@code .../wal/<index>_<offset>.wal.lz4}, in every kind of store.
 */
public final class GenerationStore {
  private static final String FOLDER = "generations/";
  private static final Pattern SNAPSHOT =
      Pattern.compile(FOLDER + "([0-9a-f]{16})/snapshots/([0-9a-f]{8})\\.snapshot\\.lz4");
  private static final Pattern SEGMENT =
      Pattern.compile(FOLDER + "([0-9a-f]{16})/wal/([0-9a-f]{8})_([0-9a-f]{8,16})\\.wal\\.lz4");
  private static final byte[] AGE = "age-encryption.org/".getBytes(StandardCharsets.US_ASCII);

  private final ObjectBrowser browser;

  public GenerationStore(ObjectBrowser browser) {
    this.browser = browser;
  }

  public String url() {
    return browser.url();
  }

  /** All generations with their objects, ascending by id; one listing. */
  public List<Generation> list() {
    Map<String, List<GenerationSnapshot>> snapshots = new TreeMap<>();
    Map<String, List<WalSegment>> segments = new TreeMap<>();
    browser
        .browse(FOLDER)
        .forEachRemaining(object -> {
          Matcher snapshot = SNAPSHOT.matcher(object.key());
          Matcher segment = SEGMENT.matcher(object.key());
          if (snapshot.matches()) {
            String id = snapshot.group(1);
            snapshots.computeIfAbsent(id, x -> new ArrayList<>()).add(of(object, snapshot));
            segments.putIfAbsent(id, new ArrayList<>());
          } else if (segment.matches()) {
            String id = segment.group(1);
            segments.computeIfAbsent(id, x -> new ArrayList<>()).add(segmentOf(object, segment));
          }
        });
    return segments.entrySet().stream()
        .map(entry ->
            new Generation(
                entry.getKey(),
                snapshots.getOrDefault(entry.getKey(), List.of()),
                entry.getValue()))
        .toList();
  }

  private static GenerationSnapshot of(BrowsedObject object, Matcher name) {
    return new GenerationSnapshot(
        name.group(1), hex(name.group(2)), object.key(), object.sizeBytes(), object.modified());
  }

  private static WalSegment segmentOf(BrowsedObject object, Matcher name) {
    return new WalSegment(
        name.group(1),
        hex(name.group(2)),
        hex(name.group(3)),
        object.key(),
        object.sizeBytes(),
        object.modified());
  }

  private static long hex(String digits) {
    return HexFormat.fromHexDigitsToLong(digits);
  }

  /**
   * The bytes of an object as stored.
   *
   * @throws Refused when the object is encrypted
   */
  InputStream open(String key) throws IOException {
    BufferedInputStream in = new BufferedInputStream(browser.open(key, 0, 0), 64 * 1024);
    try {
      in.mark(AGE.length);
      byte[] start = in.readNBytes(AGE.length);
      in.reset();
      if (Arrays.equals(start, AGE)) {
        throw new Refused(
            browser.url()
                + ": "
                + key
                + " is encrypted with age; decrypt the objects with your identity (age -d) into a"
                + " directory and restore from there");
      }
      return in;
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** What was compressed into an object. */
  InputStream content(String key) throws IOException {
    InputStream raw = open(key);
    try {
      return new LZ4FrameInputStream(raw);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }
}
