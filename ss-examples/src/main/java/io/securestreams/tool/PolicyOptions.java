package io.securestreams.tool;

import io.securestreams.reactor.PolicyWatch;
import io.securestreams.reactor.SecureStreamsBuilder;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a command that runs streams uses its policy. */
final class PolicyOptions {

  @Mixin private OverlayOptions overlays = new OverlayOptions();

  @Option(names = "--watch", description = "follow FILE: put it in force again whenever it changes")
  private boolean watch;

  /** The policy as it is now; what is wrong with it is told on standard error. */
  PolicyFile load(Path file, Terminal terminal) {
    return PolicyFile.load(file, overlays.files(), terminal);
  }

  /** Streams of the policy. */
  SecureStreamsBuilder use(PolicyFile policy, SecureStreamsBuilder builder) {
    if (!watch) {
      return builder.policy(policy.database());
    }
    overlays.files().forEach(builder::overlay);
    return builder.policy(PolicyWatch.watch(policy.path()));
  }
}
