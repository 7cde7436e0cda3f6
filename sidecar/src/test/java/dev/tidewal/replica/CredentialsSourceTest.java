package dev.tidewal.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CredentialsSourceTest {
  @TempDir Path directory;

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger reads = new AtomicInteger();
  private Path file;

  @BeforeEach
  void writeCredentials() throws IOException {
    file = directory.resolve("key");
    Files.writeString(file, "one");
  }

  @Test
  void changedFilesAreReadAgainAfterASecond() throws IOException {
    WatchedCredentials source = watch();
    Files.writeString(file, "rotated");

    assertThat(source.current()).hasValue(credentials("one"));
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(source.current()).hasValue(credentials("rotated"));
  }

  @Test
  void unchangedFilesAreNotReadAgain() {
    WatchedCredentials source = watch();

    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    source.current();

    assertThat(reads).hasValue(1);
  }

  @Test
  void aRefusalLooksAtOnceAndTellsWhetherThereIsSomethingNew() throws IOException {
    WatchedCredentials source = watch();

    assertThat(source.refresh()).isFalse();
    Files.writeString(file, "rotated");
    assertThat(source.refresh()).isTrue();
    assertThat(source.current()).hasValue(credentials("rotated"));
  }

  @Test
  void credentialsThatCannotBeReadLeaveTheOldOnesInUse() throws IOException {
    WatchedCredentials source = watch();
    Files.delete(file);

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(source.current()).hasValue(credentials("one"));
    Files.writeString(file, "back");
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(source.current()).hasValue(credentials("back"));
  }

  @Test
  void ofSeveralTheNextIsUsedWhenTheStoreRefusesOneAndRequestsAtOnceSwitchOnce() {
    WatchedCredentials source =
        new WatchedCredentials(
            List.of(file), () -> List.of(credentials("new"), credentials("old")), nanos::get);
    assertThat(source.current()).hasValue(credentials("new"));

    assertThat(source.refresh()).isTrue();
    assertThat(source.refresh()).isTrue();
    assertThat(source.current()).hasValue(credentials("old"));

    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(source.current()).as("stays with what works").hasValue(credentials("old"));
    assertThat(source.refresh()).isTrue();
    assertThat(source.current()).hasValue(credentials("new"));
  }

  private WatchedCredentials watch() {
    return new WatchedCredentials(List.of(file), () -> List.of(read()), nanos::get);
  }

  private StoreCredentials read() {
    reads.incrementAndGet();
    try {
      return credentials(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StoreCredentials credentials(String secret) {
    return StoreCredentials.of("id", secret);
  }
}
