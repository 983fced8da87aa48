package io.securestreams.tool;

import static java.util.stream.Collectors.joining;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.MetadataEvent;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.TimingsEvent;
import io.securestreams.core.event.json.TimingsJson;
import io.securestreams.reactor.api.Disturbance;
import io.securestreams.reactor.api.PolicyEvent;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/** Each event as a line for people. */
final class HumanPrinter implements HappeningPrinter {

  private final PrintStream out;
  private final Palette palette;
  private final IntFunction<String> label;
  private final Predicate<String> secret;

  /**
   * Prints to a stream.
   *
   * @param label what stands before the events of a stream; empty for nothing
   * @param secret metadata names whose values are never shown
   */
  HumanPrinter(
      PrintStream out, Palette palette, IntFunction<String> label, Predicate<String> secret) {
    this.out = out;
    this.palette = palette;
    this.label = label;
    this.secret = secret;
  }

  @Override
  public void print(Happening happening) {
    String time = palette.dim(String.format(Locale.ROOT, "%8.3f  ", happening.millis() / 1000.0));
    if (happening instanceof Happening.Policy policy) {
      out.println(time + text(policy.event()));
    } else {
      out.println(time + label.apply(happening.stream()) + text(happening));
    }
  }

  private String text(PolicyEvent event) {
    if (event instanceof PolicyEvent.Rejected rejected) {
      return palette.bad("policy refused, the one before stays in force: ") + rejected.reason();
    }
    String disturbed =
        event instanceof PolicyEvent.Swapped swapped
            ? swapped.disturbed().stream().map(HumanPrinter::text).collect(joining(", "))
            : "";
    return palette.strong("policy in force: ")
        + event.source()
        + (disturbed.isEmpty() ? ", nobody disturbed" : ", " + disturbed);
  }

  private static String text(Disturbance disturbance) {
    String streams = disturbance.streams() == 1 ? "" : " (" + disturbance.streams() + " streams)";
    return "'" + disturbance.streamType() + "' " + disturbance.effect() + streams;
  }

  private String text(Happening happening) {
    if (happening instanceof Happening.Sent sent) {
      return palette.link("▶ sent ") + bytes(sent.length()) + ", message " + sent.ordinal();
    }
    return happening instanceof Happening.Seen seen ? text(seen.event()) : "";
  }

  private String text(StreamEvent event) {
    if (event instanceof StateEvent state) {
      return stateText(state);
    }
    if (event instanceof PayloadEvent rx) {
      return rx.flags().equals(MessageFlags.EOM) && rx.payload().isEmpty()
          ? palette.dim("◀ end of message")
          : palette.link("◀ rx   ")
              + bytes(rx.payload().size())
              + " "
              + palette.dim("[" + rx.flags() + "]")
              + " "
              + PayloadText.preview(rx.payload());
    }
    if (event instanceof MetadataEvent metadata) {
      String value =
          secret.test(metadata.name()) ? "(not shown)" : PayloadText.quote(metadata.value());
      return palette.dim("  " + metadata.name() + " = " + value);
    }
    if (event instanceof TimingsEvent perf) {
      return palette.dim("  perf " + TimingsJson.text(perf.timings()));
    }
    return "";
  }

  private String stateText(StateEvent event) {
    StringBuilder text = new StringBuilder(palette.ofState(event.state(), StateNames.of(event)));
    if (event.ordinal() != 0) {
      text.append('(').append(event.ordinal()).append(')');
    }
    event.failure().ifPresent(failure -> text.append("  ").append(failureText(failure)));
    return text.toString();
  }

  /** Why it failed and what comes next, in words. */
  static String failureText(StateEvent.Failure failure) {
    StringBuilder text = new StringBuilder(failure.kind().name());
    if (!failure.detail().isEmpty()) {
      text.append(": ").append(failure.detail());
    }
    if (failure.attempt() > 0) {
      text.append("; failure ").append(failure.attempt()).append(" of the series");
    }
    if (failure.willRetry()) {
      text.append(", next attempt in ").append(DurationText.format(failure.nextDelay()));
    }
    return text.toString();
  }

  private static String bytes(int count) {
    return count == 1 ? "1 byte" : count + " bytes";
  }
}
