package io.securestreams.core.event.json;

import io.securestreams.core.event.ConnectionTimings;
import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes connection timings as the reference does: one compact object with its members in the
 * reference's order. Safe from any thread.
 *
 * <p><b>Source:</b> {@code lws_conmon_to_json} (libwebsockets).
 */
public final class TimingsJson {

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final long LARGEST = 0xFFFF_FFFFL;

  private TimingsJson() {}

  /**
   * The JSON text.
   *
   * @param timings of one connection; a time that 32 bits cannot hold is the largest that they can
   */
  public static String text(ConnectionTimings timings) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      write(timings, json);
    }
    return text.toString();
  }

  private static void write(ConnectionTimings timings, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("peer", timings.peer().orElse(""));
    micros(json, "dns_us", timings.lookupMicros());
    json.writeNumberProperty("dns_disp", timings.lookup().code());
    micros(json, "sockconn_us", timings.connectMicros());
    micros(json, "tls_us", timings.tlsMicros());
    micros(json, "txn_resp_us", timings.responseMicros());
    json.writeArrayPropertyStart("dns");
    timings.addresses().forEach(json::writeString);
    json.writeEndArray();
    if (timings.httpStatus().isPresent()) {
      json.writeObjectPropertyStart("prot_specific");
      json.writeStringProperty("protocol", "http");
      json.writeNumberProperty("resp", timings.httpStatus().getAsInt());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void micros(JsonGenerator json, String name, long value) {
    json.writeNumberProperty(name, Math.min(value, LARGEST));
  }
}
