package dev.tidewal.replica;

import dev.tidewal.core.ByteSize;
import dev.tidewal.core.Txid;
import dev.tidewal.ltx.LtxName;
import dev.tidewal.replica.ReplicaClient.WriteMode;
import dev.tidewal.testing.StoreServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Random;

/** Another process with a small heap: writes and reads an object that is much larger. */
final class StreamingProcess {
  private static final int MIB = 1 << 20;

  private StreamingProcess() {}

  public static void main(String[] arguments) throws IOException {
    int mebibytes = Integer.parseInt(arguments[1]);
    S3Settings settings =
        S3Settings.of(S3Contract.BUCKET, "streamed")
            .withEndpoint(S3Endpoint.at(URI.create(arguments[0])))
            .withCredentials(
                CredentialsSource.fixed(
                    StoreCredentials.of(StoreServer.ACCESS_KEY, StoreServer.SECRET_KEY)));
    try (ReplicaClients clients =
            new ReplicaClients(
                ByteSize.ofMebibytes(16), RetryPolicy.DEFAULT, RequestObserver.NONE);
        ReplicaClient client = clients.open(settings)) {
      LtxName name = LtxName.snapshot(Txid.FIRST);
      byte[] chunk = new byte[MIB];
      new Random(1).nextBytes(chunk);
      client.write(
          name,
          ObjectMetadata.UNKNOWN,
          WriteMode.CREATE,
          (long) mebibytes * MIB,
          out -> {
            for (int i = 0; i < mebibytes; i++) {
              out.write(chunk);
            }
          });
      long read = 0;
      try (InputStream in = client.open(name, 0, 0)) {
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
          read += count;
        }
      }
      System.out.println("streamed " + read / MIB + " MiB both ways");
    }
  }
}
