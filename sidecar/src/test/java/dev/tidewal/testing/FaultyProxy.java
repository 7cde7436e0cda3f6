package dev.tidewal.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy in front of a server that spoils connections as told: cuts them (with a reset) after
 * so many bytes, or falls silent. Without orders it only passes on.
 */
public final class FaultyProxy implements AutoCloseable {
  /** Which way bytes go. */
  public enum Way {
    TO_SERVER,
    TO_CLIENT
  }

  private record Fault(Way way, long afterBytes, boolean silent) {}

  private final ServerSocket listener;
  private final InetSocketAddress server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Fault fault = new Fault(Way.TO_CLIENT, Long.MAX_VALUE, false);
  private final AtomicInteger faultsLeft = new AtomicInteger();
  private volatile boolean refusing;

  private FaultyProxy(ServerSocket listener, InetSocketAddress server) {
    this.listener = listener;
    this.server = server;
  }

  /** A proxy in front of a server on this machine. */
  public static FaultyProxy before(URI server) throws IOException {
    FaultyProxy proxy =
        new FaultyProxy(
            new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
            new InetSocketAddress(server.getHost(), server.getPort()));
    Thread.ofVirtual().start(proxy::accept);
    return proxy;
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** How many connections were made so far. */
  public int connections() {
    return connections.get();
  }

  /** The next connections, new ones, are reset after so many bytes in one direction. */
  public void cut(Way way, long afterBytes, int times) {
    fault = new Fault(way, afterBytes, false);
    faultsLeft.set(times);
    closeOpen();
  }

  /** The next connections fall silent after so many bytes in one direction. */
  public void silence(Way way, long afterBytes, int times) {
    fault = new Fault(way, afterBytes, true);
    faultsLeft.set(times);
    closeOpen();
  }

  /** Closes what is open and every new connection at once. */
  public void refuse() {
    refusing = true;
    closeOpen();
  }

  /** No faults from here on. */
  public void heal() {
    refusing = false;
    faultsLeft.set(0);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    closeOpen();
  }

  private void closeOpen() {
    open.forEach(FaultyProxy::reset);
    open.clear();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        connections.incrementAndGet();
        if (refusing) {
          reset(client);
        } else {
          connect(client);
        }
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(Socket client) {
    @Nullable Fault own = faultsLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0 ? fault : null;
    try {
      Socket upstream = new Socket();
      upstream.connect(server);
      open.add(client);
      open.add(upstream);
      Thread.ofVirtual().start(() -> pump(client, upstream, limit(own, Way.TO_SERVER), own));
      Thread.ofVirtual().start(() -> pump(upstream, client, limit(own, Way.TO_CLIENT), own));
    } catch (IOException serverIsAway) {
      reset(client);
    }
  }

  private static long limit(@Nullable Fault fault, Way way) {
    return fault != null && fault.way() == way ? fault.afterBytes() : Long.MAX_VALUE;
  }

  private void pump(Socket from, Socket to, long limit, @Nullable Fault fault) {
    byte[] buffer = new byte[8 * 1024];
    long passed = 0;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      while (true) {
        if (passed >= limit) {
          if (fault != null && fault.silent()) {
            return; // Both ends stay open, and nothing comes any more.
          }
          break;
        }
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, limit - passed));
        if (count < 0) {
          to.shutdownOutput();
          return;
        }
        out.write(buffer, 0, count);
        passed += count;
      }
    } catch (IOException closed) {
      // The other direction has ended it.
    }
    reset(from);
    reset(to);
    open.remove(from);
    open.remove(to);
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException closed) {
      // As wanted.
    }
  }
}
