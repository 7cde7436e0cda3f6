package dev.tidewal.testing;

import dev.tidewal.core.TidewalException;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ObjectBrowser;
import dev.tidewal.replica.ObjectInfo;
import dev.tidewal.replica.ObjectMetadata;
import dev.tidewal.replica.ReplicaClient;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A replica client that misbehaves as told, for tests of everything above it, and remembers what it
 * was asked.
 *
 * <pre>{@code
 * var store = new FaultyReplicaClient(new FileReplicaClient(directory));
 * store.on(Operation.WRITE).key("L0/").times(2).throttle();
 * store.on(Operation.WRITE).times(1).loseAnswer();   // applied, but StoreUnreachable
 * store.on(Operation.OPEN).key("L9/").cutAfter(100); // StoreUnreachable in mid-body
 * }</pre>
 *
 * <p>A rule stays until its count is used up or {@link #heal()}. The first rule that fits is taken.
 * Keys are matched by substring of {@link LtxName#toString()} ({@code L0/<min>-<max>}), of a
 * document's name, or of {@code L<level>/} for a list.
 */
public final class FaultyReplicaClient implements ReplicaClient {
  /** What can be asked of a client. */
  public enum Operation {
    LIST,
    STAT,
    OPEN,
    WRITE,
    COPY,
    DELETE,
    DELETE_ALL,
    READ_DOCUMENT,
    WRITE_DOCUMENT
  }

  /** One call, in the order of arrival. */
  public record Request(Operation operation, String key) {}

  private final ReplicaClient delegate;
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Queue<Runnable> late = new ConcurrentLinkedQueue<>();

  public FaultyReplicaClient(ReplicaClient delegate) {
    this.delegate = delegate;
  }

  /** Starts a rule for one operation; it takes effect with the call that names the fault. */
  public Rule on(Operation operation) {
    return new Rule(request -> request.operation() == operation);
  }

  /** Starts a rule for every operation. */
  public Rule onAnything() {
    return new Rule(request -> true);
  }

  /** Forgets all rules and lets hanging calls go on. */
  public void heal() {
    List<Rule> old = List.copyOf(rules);
    rules.clear();
    old.forEach(rule -> rule.released.countDown());
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** What was sent late takes effect now, in the order in which it was sent. */
  public void deliverLate() {
    for (Runnable request = late.poll(); request != null; request = late.poll()) {
      request.run();
    }
  }

  public long count(Operation operation) {
    return requests.stream().filter(request -> request.operation() == operation).count();
  }

  public void forgetRequests() {
    requests.clear();
  }

  @Override
  public String type() {
    return delegate.type();
  }

  @Override
  public String url() {
    return delegate.url();
  }

  @Override
  public Iterator<ObjectInfo> list(int level, Txid seek, boolean exactTimes) {
    return run(Operation.LIST, "L" + level + "/", () -> delegate.list(level, seek, exactTimes));
  }

  @Override
  public ObjectInfo stat(LtxName name) {
    return run(Operation.STAT, name.toString(), () -> delegate.stat(name));
  }

  @Override
  public InputStream open(LtxName name, long offset, long size) {
    @Nullable Rule rule = arrive(Operation.OPEN, name.toString());
    InputStream body = around(rule, () -> delegate.open(name, offset, size));
    return rule == null ? body : rule.damage(body);
  }

  @Override
  public ObjectInfo write(
      LtxName name, ObjectMetadata metadata, WriteMode mode, long maxSizeBytes, Content content) {
    @Nullable Rule rule = arrive(Operation.WRITE, name.toString());
    if (rule != null && rule.late) {
      throw sendLate(name, metadata, mode, maxSizeBytes, content);
    }
    Content sent = rule == null ? content : rule.damage(content);
    return around(rule, () -> delegate.write(name, metadata, mode, maxSizeBytes, sent));
  }

  /** All of it is on its way, and nobody hears of it again. */
  private TidewalException sendLate(
      LtxName name, ObjectMetadata metadata, WriteMode mode, long maxSizeBytes, Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      content.writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    late.add(() -> delegate.write(name, metadata, mode, maxSizeBytes, bytes::writeTo));
    return new TidewalException.StoreUnreachable("no answer in time (injected)");
  }

  @Override
  public ObjectInfo copy(LtxName from, LtxName to) {
    return run(Operation.COPY, from + " " + to, () -> delegate.copy(from, to));
  }

  @Override
  public void delete(Collection<LtxName> names) {
    run(
        Operation.DELETE,
        String.join(" ", names.stream().map(LtxName::toString).toList()),
        () -> {
          delegate.delete(names);
          return names;
        });
  }

  @Override
  public void deleteAll() {
    run(
        Operation.DELETE_ALL,
        "",
        () -> {
          delegate.deleteAll();
          return "";
        });
  }

  @Override
  public Optional<byte[]> readDocument(String name) {
    return run(Operation.READ_DOCUMENT, name, () -> delegate.readDocument(name));
  }

  @Override
  public void writeDocument(String name, byte[] bytes, WriteMode mode) {
    run(
        Operation.WRITE_DOCUMENT,
        name,
        () -> {
          delegate.writeDocument(name, bytes, mode);
          return "";
        });
  }

  @Override
  public Optional<ObjectBrowser> browser() {
    return delegate.browser();
  }

  @Override
  public Instant storeTime() {
    return delegate.storeTime();
  }

  @Override
  public void close() {
    heal();
    delegate.close();
  }

  private <T> T run(Operation operation, String key, Supplier<T> call) {
    return around(arrive(operation, key), call);
  }

  private @Nullable Rule arrive(Operation operation, String key) {
    Request request = new Request(operation, key);
    requests.add(request);
    for (Rule rule : rules) {
      if (rule.takes(request)) {
        return rule;
      }
    }
    return null;
  }

  private static <T> T around(@Nullable Rule rule, Supplier<T> call) {
    if (rule == null) {
      return call.get();
    }
    rule.before();
    T result = call.get();
    rule.after();
    return result;
  }

  /** Which calls, how often, and what happens to them. */
  public final class Rule {
    private final CountDownLatch released = new CountDownLatch(1);
    private Predicate<Request> condition;
    private int left = Integer.MAX_VALUE;
    private int skip;
    private int taken;
    private @Nullable Supplier<TidewalException> failBefore;
    private @Nullable Supplier<TidewalException> failAfter;
    private Duration latency = Duration.ZERO;
    private boolean hang;
    private boolean deaf;
    private boolean late;
    private long keptBytes = Long.MAX_VALUE;
    private @Nullable Supplier<TidewalException> atCut;
    private long flippedByte = -1;

    private Rule(Predicate<Request> condition) {
      this.condition = condition;
    }

    /** Only calls whose key contains this. */
    public Rule key(String part) {
      condition = condition.and(request -> request.key().contains(part));
      return this;
    }

    /** Only calls for this object. */
    public Rule key(LtxName name) {
      return key(name.toString());
    }

    /** Lets the first {@code count} fitting calls pass. */
    public Rule after(int count) {
      skip = count;
      return this;
    }

    /** Ends after this many calls. */
    public Rule times(int count) {
      left = count;
      return this;
    }

    /** The call is not made, this is thrown. */
    public Rule fail(Supplier<TidewalException> error) {
      failBefore = error;
      return install();
    }

    /** The store asks to slow down. */
    public Rule throttle() {
      return fail(() -> new TidewalException.StoreUnreachable("503 SlowDown (injected)"));
    }

    /** The store does not answer; nothing happens to the object. */
    public Rule unreachable() {
      return fail(() -> new TidewalException.StoreUnreachable("connection refused (injected)"));
    }

    /** The call is made, its answer is lost. */
    public Rule loseAnswer() {
      failAfter =
          () ->
              new TidewalException.StoreUnreachable("answer lost after it was applied (injected)");
      return install();
    }

    /** The call is made after this time. */
    public Rule delay(Duration time) {
      latency = time;
      return install();
    }

    /** A write is sent and not answered; it takes effect with {@link #deliverLate()}. */
    public Rule arriveLate() {
      late = true;
      return install();
    }

    /** The call waits until its thread is interrupted (Cancelled) or {@link #heal()}. */
    public Rule hang() {
      hang = true;
      return install();
    }

    /** The call waits until {@link #heal()}, whatever becomes of its thread. */
    public Rule hangDeaf() {
      deaf = true;
      return install();
    }

    /** The body breaks off with an error after so many bytes; a write leaves nothing. */
    public Rule cutAfter(long bytes) {
      keptBytes = bytes;
      atCut =
          () -> new TidewalException.StoreUnreachable("connection reset in mid-body (injected)");
      return install();
    }

    /** The body silently ends after so many bytes: a store that keeps or shows a part. */
    public Rule truncateTo(long bytes) {
      keptBytes = bytes;
      return install();
    }

    /** One bit of this byte of the body is turned over. */
    public Rule flipByte(long position) {
      flippedByte = position;
      return install();
    }

    /** Ends this rule alone; those that were made after it take its place in the same moment. */
    public void lift() {
      rules.remove(this);
      released.countDown();
    }

    /** How many calls it was applied to. */
    public synchronized int taken() {
      return taken;
    }

    private Rule install() {
      rules.add(this);
      return this;
    }

    private synchronized boolean takes(Request request) {
      if (left == 0 || !condition.test(request)) {
        return false;
      }
      if (skip > 0) {
        skip--;
        return false;
      }
      left--;
      taken++;
      return true;
    }

    private void awaitDeaf() {
      boolean interrupted = false;
      while (released.getCount() > 0) {
        try {
          released.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private void before() {
      try {
        if (hang) {
          released.await();
        }
        if (deaf) {
          awaitDeaf();
        }
        Thread.sleep(latency);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TidewalException.Cancelled("interrupted in an injected wait", e);
      }
      if (failBefore != null) {
        throw failBefore.get();
      }
    }

    private void after() {
      if (failAfter != null) {
        throw failAfter.get();
      }
    }

    private InputStream damage(InputStream body) {
      return new FilterInputStream(body) {
        private long position;

        @Override
        public int read() throws IOException {
          byte[] one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          long allowed = keptBytes - position;
          if (allowed <= 0 && length > 0) {
            if (atCut != null) {
              throw atCut.get();
            }
            return -1;
          }
          int count = super.read(bytes, offset, (int) Math.min(length, allowed));
          flip(bytes, offset, count, position);
          position += Math.max(count, 0);
          return count;
        }

        @Override
        public long skip(long count) throws IOException {
          return count <= 0 || read() < 0 ? 0 : 1;
        }
      };
    }

    private Content damage(Content content) {
      return out -> content.writeTo(new DamagedOutput(out));
    }

    private void flip(byte[] bytes, int offset, int count, long position) {
      if (flippedByte >= position && flippedByte < position + count) {
        bytes[offset + (int) (flippedByte - position)] ^= 0x10;
      }
    }

    private final class DamagedOutput extends FilterOutputStream {
      private long position;

      DamagedOutput(OutputStream out) {
        super(out);
      }

      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        long allowed = Math.max(0, keptBytes - position);
        if (allowed < length && atCut != null) {
          throw atCut.get();
        }
        byte[] copy = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
        flip(copy, 0, length, position);
        out.write(copy, 0, (int) Math.min(length, allowed));
        position += length;
      }
    }
  }
}
