package io.securestreams.examples.chat;

import io.securestreams.core.event.Payload;
import io.securestreams.reactor.api.AcceptedStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;

/** The page of the chat with all that it needs: nothing comes from elsewhere. */
final class ChatPage {

  /** Whatever text people send, the browser runs and loads only what comes from here. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  private static final Set<String> METHODS = Set.of("GET", "HEAD");

  private final Map<String, Part> parts =
      Map.of(
          "/", Part.of("index.html", "text/html;charset=utf-8"),
          "/chat.css", Part.of("chat.css", "text/css;charset=utf-8"),
          "/chat.js", Part.of("chat.js", "text/javascript;charset=utf-8"),
          "/chat.svg", Part.of("chat.svg", "image/svg+xml"));

  /** Answers the request that a client has just made. */
  void answer(AcceptedStream client) {
    Part part = parts.get(client.metadata("path").orElse(""));
    boolean asksForIt = client.metadata("method").filter(METHODS::contains).isPresent();
    if (part == null || !asksForIt) {
      client.requestTxLen(0); // and without serverAck: 404
      return;
    }
    client.serverAck(200);
    client.metadata("mime", part.mime());
    client.metadata("cache", "no-cache");
    client.metadata("csp", CONTENT_SECURITY_POLICY);
    client.tx().tryEmitNext(part.content()).orThrow();
  }

  private record Part(String mime, Payload content) {

    static Part of(String resource, String mime) {
      try (InputStream in = ChatPage.class.getResourceAsStream(resource)) {
        if (in == null) {
          throw new IllegalStateException("no resource " + resource);
        }
        return new Part(mime, Payload.wrap(in.readAllBytes()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
