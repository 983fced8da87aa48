package io.securestreams.tool;

import io.securestreams.reactor.SecureStreamsBuilder;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;

/** {@code sstream demo}: the tour. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Shows secure streams at work: a TLS server and its clients from one policy, and a peer "
            + "that goes away and comes back. Needs no network, ends by itself.")
final class DemoCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<SecureStreamsBuilder> builders;

  DemoCommand(Terminal terminal, Supplier<SecureStreamsBuilder> builders) {
    this.terminal = terminal;
    this.builders = builders;
  }

  @Override
  public Integer call() {
    return new Demo(terminal, builders.get()).run().code();
  }
}
