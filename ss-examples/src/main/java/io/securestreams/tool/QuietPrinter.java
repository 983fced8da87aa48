package io.securestreams.tool;

import io.securestreams.core.event.PayloadEvent;
import java.io.PrintStream;

/** The received bytes and nothing else. */
final class QuietPrinter implements HappeningPrinter {

  private final PrintStream out;

  QuietPrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void print(Happening happening) {
    if (happening instanceof Happening.Seen seen && seen.event() instanceof PayloadEvent rx) {
      byte[] bytes = rx.payload().bytes();
      out.write(bytes, 0, bytes.length);
      out.flush();
    }
  }
}
