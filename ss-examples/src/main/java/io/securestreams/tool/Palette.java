package io.securestreams.tool;

import io.securestreams.core.event.StreamState;

/** The few colours of the human output; every one of them is also said in words. */
enum Palette {
  /** Plain text. */
  PLAIN {
    @Override
    String paint(String text, String sgr) {
      return text;
    }
  },
  /** ANSI escape sequences. */
  COLOURS {
    @Override
    String paint(String text, String sgr) {
      return "\u001b[" + sgr + "m" + text + "\u001b[0m";
    }
  };

  abstract String paint(String text, String sgr);

  String good(String text) {
    return paint(text, "32");
  }

  String bad(String text) {
    return paint(text, "31");
  }

  String warm(String text) {
    return paint(text, "33");
  }

  String dim(String text) {
    return paint(text, "2");
  }

  String strong(String text) {
    return paint(text, "1");
  }

  String link(String text) {
    return paint(text, "36");
  }

  /** A text in the colour of a state: what works, what is under way, what failed. */
  String ofState(StreamState state, String text) {
    return switch (state) {
      case CONNECTED, QOS_ACK_REMOTE, QOS_ACK_LOCAL, SERVER_TXN, SERVER_UPGRADE -> good(text);
      case CONNECTING, POLL, TIMEOUT, UPSTREAM_LINK_RETRY, DISCONNECTED -> warm(text);
      case UNREACHABLE, AUTH_FAILED, ALL_RETRIES_FAILED, QOS_NACK_REMOTE, QOS_NACK_LOCAL ->
          bad(text);
      case USER -> strong(text);
      case CREATING, DESTROYING, EVENT_WAIT_CANCELLED, SINK_JOIN, SINK_PART -> dim(text);
    };
  }
}
