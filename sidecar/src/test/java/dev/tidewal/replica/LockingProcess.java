package dev.tidewal.replica;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Another process: locks the file of its argument, says L, and waits for its end. */
final class LockingProcess {
  private LockingProcess() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      System.out.write('L');
      System.out.flush();
      Thread.sleep(lock.isValid() ? 60_000 : 0);
    }
  }
}
