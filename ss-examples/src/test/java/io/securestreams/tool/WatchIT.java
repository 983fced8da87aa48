package io.securestreams.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} and {@code connect} while the policy file of both is edited. */
class WatchIT {

  @TempDir private Path folder;

  private int here;
  private int there;

  @BeforeEach
  void choosePorts() throws IOException {
    here = freePort();
    there = freePort();
  }

  @Test
  void theChangedStreamMovesAndTheOtherNeverDrops() throws IOException {
    String policy = write(policy(here, here));
    try (Launcher.Running server = Launcher.follow("serve", policy, "here", "--json");
        Launcher.Running other = Launcher.follow("serve", policy, "there", "--json")) {
      server.await("CREATING");
      other.await("CREATING");
      try (Launcher.Running steady = connect(policy, "steady");
          Launcher.Running mover = connect(policy, "mover")) {
        steady.await("CONNECTED");
        mover.await("CONNECTED");

        write(policy(here, there));

        mover.await("\"policy\"", "swapped", "\"mover\"", "MOVED");
        steady.await("\"policy\"", "swapped", "\"disturbed\":[]");
        mover.await("\"CONNECTED\"");
        assertThat(mover.lines()).anyMatch(line -> line.contains("\"failure\":\"POLICY\""));
        other.await("\"stream\":1", "CONNECTED");

        write("{\"s\":[{\"steady\":{\"port\":-1}}]}");

        steady.await("\"policy\"", "rejected", "error[RANGE] at $.s[0].steady.port");
        mover.await("\"policy\"", "rejected");
        assertThat(steady.lines()).noneMatch(line -> line.contains("DISCONNECTED"));
      }
    }
  }

  @Test
  void theListenerMovesWithItsPolicy() throws IOException {
    String policy = write(policy(here, here));
    try (Launcher.Running server = Launcher.follow("serve", policy, "here", "--json", "--watch");
        Launcher.Running mover = connect(policy, "mover")) {
      server.await("CREATING");
      mover.await("\"CONNECTED\"");

      write(policy(there, there));

      server.await("\"policy\"", "\"here\"", "REBOUND");
      mover.await("\"policy\"", "swapped");
      mover.await("\"CONNECTED\"");
      server.await("\"stream\":2", "CONNECTED");
    }
  }

  private static Launcher.Running connect(String policy, String type) {
    return Launcher.follow(
        "connect", policy, type, "--watch", "--json", "--for", "2m", "--until", "TIMEOUT");
  }

  private String write(String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next.json"), text);
    Path policy = folder.resolve("policy.json");
    return Files.move(next, policy, StandardCopyOption.REPLACE_EXISTING).toString();
  }

  /** The servers {@code here} and {@code there}, and where the client {@code mover} goes. */
  private String policy(int listening, int target) {
    String servers =
        """
        {"here":{"server":true,"endpoint":"127.0.0.1","port":%d,"protocol":"ws",
                 "metadata":[{"method":"","path":""}]}}
        """
            .formatted(listening);
    String second =
        listening == there
            ? ""
            : servers.replace("here", "there").replace("" + listening, "" + there) + ",";
    return """
        {"retry":[{"r":{"backoff":[200],"conceal":65535}}],
         "s":[%s,%s
           {"steady":{"endpoint":"127.0.0.1","port":%d,"protocol":"ws","nailed_up":true,"retry":"r"}},
           {"mover":{"endpoint":"127.0.0.1","port":%d,"protocol":"ws","nailed_up":true,"retry":"r"}}]}
        """
        .formatted(servers, second, here, target);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
