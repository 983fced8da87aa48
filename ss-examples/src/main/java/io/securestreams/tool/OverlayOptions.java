package io.securestreams.tool;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** What is laid upon a policy before it is used. */
final class OverlayOptions {

  @Option(
      names = "--overlay",
      paramLabel = "FILE",
      description = "an overlay to lay upon the policy (repeatable, in this order)")
  private List<Path> overlays = List.of();

  /** In the order in which they are laid. */
  List<Path> files() {
    return List.copyOf(overlays);
  }
}
