package io.securestreams.tool;

import io.securestreams.core.event.MetadataEvent;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Prints the tour: every event, and what a state means when it comes for the first time. */
final class DemoPrinter {

  private final Terminal terminal;
  private final Stopwatch watch = new Stopwatch();
  private final Set<StreamState> explained = EnumSet.noneOf(StreamState.class);
  private int step;

  DemoPrinter(Terminal terminal) {
    this.terminal = terminal;
  }

  synchronized void line(String text) {
    terminal.out().println(text);
  }

  synchronized void title(String text) {
    line(palette().strong(text));
  }

  synchronized void step(String text) {
    line("");
    line(palette().strong(++step + ". " + text));
  }

  synchronized void note(String text) {
    line("   " + palette().dim(text));
  }

  synchronized void event(String stream, StreamEvent event) {
    String head =
        palette().dim(String.format(Locale.ROOT, "   %7.3f s  ", watch.millis() / 1000.0))
            + String.format(Locale.ROOT, "%-6s ", stream);
    if (event instanceof StateEvent state) {
      line(head + state(state));
    } else if (event instanceof MetadataEvent metadata) {
      line(
          head
              + palette().dim("  " + metadata.name() + " = ")
              + PayloadText.quote(metadata.value()));
    } else if (event instanceof PayloadEvent rx && !rx.payload().isEmpty()) {
      line(head + palette().link("◀ ") + PayloadText.preview(rx.payload()));
    }
  }

  synchronized void sent(String stream, String text) {
    line(
        palette().dim(String.format(Locale.ROOT, "   %7.3f s  ", watch.millis() / 1000.0))
            + String.format(Locale.ROOT, "%-6s ", stream)
            + palette().link("▶ ")
            + PayloadText.quote(text));
  }

  String seconds() {
    return String.format(Locale.ROOT, "%.1f s", watch.millis() / 1000.0);
  }

  Palette palette() {
    return terminal.palette();
  }

  private String state(StateEvent event) {
    String name = StateNames.of(event);
    String note = explained.add(event.state()) ? palette().dim(meaning(event.state())) : "";
    if (event.failure().isPresent()) {
      note = (note.isEmpty() ? "" : note + ": ") + reason(event.failure().get());
    }
    String text = note.isEmpty() ? name : String.format(Locale.ROOT, "%-15s ", name);
    return palette().ofState(event.state(), text) + note;
  }

  private static String reason(StateEvent.Failure failure) {
    return failure.willRetry()
        ? failure.kind() + ", next attempt in " + DurationText.format(failure.nextDelay())
        : failure.kind().toString();
  }

  private static String meaning(StreamState state) {
    return switch (state) {
      case CREATING -> "the stream exists; it will outlive its connections";
      case CONNECTING -> "an attempt starts";
      case CONNECTED -> "usable; over http: the response's head is there";
      case QOS_ACK_REMOTE -> "the peer confirmed: a 2xx status";
      case DISCONNECTED -> "the connection is gone, the stream is not";
      case POLL -> "something is to be sent, or a retry is due";
      case UNREACHABLE -> "the attempt failed";
      case DESTROYING -> "the last event of a stream";
      default -> "";
    };
  }
}
