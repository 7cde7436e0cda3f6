package dev.tidewal.testing;

import java.net.URI;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** An S3 store in this process, for fast tests. Its keys are those of {@link StoreServer}. */
public final class S3ProxyServer implements AutoCloseable {
  private final S3Proxy proxy;

  private S3ProxyServer(S3Proxy proxy) {
    this.proxy = proxy;
  }

  /** A running store that keeps its objects in {@code directory}; buckets are its directories. */
  public static S3ProxyServer start(Path directory) throws Exception {
    return started(store(directory).endpoint(URI.create("http://127.0.0.1:0")));
  }

  /** The same behind TLS, with the key of a PKCS12 file. */
  public static S3ProxyServer startTls(Path directory, Path keyStore, String password)
      throws Exception {
    return started(
        store(directory)
            .secureEndpoint(URI.create("https://127.0.0.1:0"))
            .keyStore(keyStore.toString(), password));
  }

  private static S3Proxy.Builder store(Path directory) {
    return S3Proxy.builder()
        .blobStore(new FilesystemNio2BlobStore(directory.toString()))
        .awsAuthentication(
            AuthenticationType.AWS_V2_OR_V4, StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY)
        .ignoreUnknownHeaders(true)
        .stopTimeout(0);
  }

  private static S3ProxyServer started(S3Proxy.Builder builder) throws Exception {
    S3Proxy proxy = builder.build();
    proxy.start();
    while (!proxy.getState().equals("STARTED")) {
      Thread.sleep(5);
    }
    return new S3ProxyServer(proxy);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
  }

  public URI secureEndpoint() {
    return URI.create("https://localhost:" + proxy.getSecurePort());
  }

  @Override
  public void close() {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IllegalStateException("S3Proxy does not stop", e);
    }
  }
}
