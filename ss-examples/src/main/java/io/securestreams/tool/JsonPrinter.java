package io.securestreams.tool;

import io.securestreams.core.event.MetadataEvent;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.TimingsEvent;
import io.securestreams.core.event.json.TimingsJson;
import io.securestreams.reactor.api.Disturbance;
import io.securestreams.reactor.api.PolicyEvent;
import java.io.PrintStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Each event as one line of JSON, for scripts. */
final class JsonPrinter implements HappeningPrinter {

  private final JsonFactory factory = new JsonFactory();
  private final PrintStream out;
  private final Numbering numbering;
  private final Predicate<String> secret;

  /** Whether lines tell which stream they are about. */
  enum Numbering {
    /** One stream: nothing to tell apart. */
    NONE,
    /** A listener and its accepted streams. */
    STREAMS
  }

  /**
   * Prints to a stream.
   *
   * @param secret metadata names whose values are never shown
   */
  JsonPrinter(PrintStream out, Numbering numbering, Predicate<String> secret) {
    this.out = out;
    this.numbering = numbering;
    this.secret = secret;
  }

  @Override
  public void print(Happening happening) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), line)) {
      json.writeStartObject();
      json.writeNumberProperty("t", BigDecimal.valueOf(happening.millis(), 3));
      if (numbering == Numbering.STREAMS) {
        json.writeNumberProperty("stream", happening.stream());
      }
      if (happening instanceof Happening.Seen seen) {
        writeEvent(json, seen.event());
      } else if (happening instanceof Happening.Sent sent) {
        json.writeStringProperty("event", "tx");
        json.writeNumberProperty("ordinal", sent.ordinal());
        json.writeNumberProperty("len", sent.length());
      } else if (happening instanceof Happening.Policy policy) {
        writePolicy(json, policy.event());
      }
      json.writeEndObject();
    }
    out.println(line);
  }

  private void writeEvent(JsonGenerator json, StreamEvent event) {
    if (event instanceof StateEvent state) {
      writeState(json, state);
    } else if (event instanceof PayloadEvent rx) {
      writePayload(json, rx);
    } else if (event instanceof MetadataEvent metadata) {
      json.writeStringProperty("event", "metadata");
      json.writeStringProperty("name", metadata.name());
      json.writeStringProperty("value", secret.test(metadata.name()) ? "***" : metadata.value());
    } else if (event instanceof TimingsEvent perf) {
      json.writeStringProperty("event", "perf");
      json.writeName("json");
      json.writeRawValue(TimingsJson.text(perf.timings()));
    }
  }

  private static void writePolicy(JsonGenerator json, PolicyEvent event) {
    json.writeStringProperty("event", "policy");
    json.writeStringProperty("source", event.source());
    if (event instanceof PolicyEvent.Swapped swapped) {
      json.writeStringProperty("change", "swapped");
      json.writeArrayPropertyStart("disturbed");
      for (Disturbance disturbance : swapped.disturbed()) {
        json.writeStartObject();
        json.writeStringProperty("streamType", disturbance.streamType());
        json.writeStringProperty("effect", disturbance.effect().name());
        json.writeNumberProperty("streams", disturbance.streams());
        json.writeEndObject();
      }
      json.writeEndArray();
    } else if (event instanceof PolicyEvent.Rejected rejected) {
      json.writeStringProperty("change", "rejected");
      json.writeStringProperty("reason", rejected.reason());
    }
  }

  private static void writeState(JsonGenerator json, StateEvent event) {
    json.writeStringProperty("event", "state");
    json.writeStringProperty("state", StateNames.of(event));
    json.writeNumberProperty("code", event.code());
    json.writeNumberProperty("ordinal", event.ordinal());
    event
        .failure()
        .ifPresent(
            failure -> {
              json.writeStringProperty("failure", failure.kind().name());
              json.writeNumberProperty("attempt", failure.attempt());
              json.writeBooleanProperty("concealed", failure.willRetry());
              if (failure.willRetry()) {
                json.writeNumberProperty("nextDelayMs", failure.nextDelay().toMillis());
              }
            });
  }

  private static void writePayload(JsonGenerator json, PayloadEvent rx) {
    json.writeStringProperty("event", "rx");
    json.writeNumberProperty("len", rx.payload().size());
    json.writeBooleanProperty("som", rx.flags().som());
    json.writeBooleanProperty("eom", rx.flags().eom());
    Optional<String> text = PayloadText.strict(rx.payload());
    if (text.isPresent()) {
      json.writeStringProperty("text", text.get());
    } else {
      json.writeStringProperty("base64", PayloadText.base64(rx.payload()));
    }
  }
}
