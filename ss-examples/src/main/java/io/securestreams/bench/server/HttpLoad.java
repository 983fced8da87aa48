package io.securestreams.bench.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests by {@code h2load} of nghttp2, as many as a server answers. */
final class HttpLoad {

  private static final int CONNECTIONS = 64;
  private static final Pattern DONE =
      Pattern.compile("requests: .*?(\\d+) succeeded, (\\d+) failed, (\\d+) errored");

  private HttpLoad() {}

  /**
   * Asks for a while.
   *
   * @param url what for
   * @param arguments what is spoken, and how many streams a connection has
   * @param seconds how long
   * @return requests that were answered
   */
  static long requests(String url, List<String> arguments, int seconds)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Programs.H2LOAD));
    command.addAll(arguments);
    command.addAll(List.of("-c" + CONNECTIONS, "-D" + seconds, url));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    Matcher done = DONE.matcher(output);
    boolean good = done.find() && done.group(2).equals("0") && done.group(3).equals("0");
    if (!good || done.group(1).equals("0")) {
      throw new IOException(String.join(" ", command) + " said:\n" + output);
    }
    return Long.parseLong(done.group(1));
  }
}
