package io.securestreams.reactor.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.policy.WsSettings.Frames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What a peer says to an endpoint that sends every message back, and what it hears. A case is put
 * together step by step, and is not changed once it runs.
 */
public final class WsCase {

  /** Opcodes. */
  public static final int CONTINUATION = 0;

  /** Text. */
  public static final int TEXT = 1;

  /** Any bytes. */
  public static final int BINARY = 2;

  /** Good-bye. */
  public static final int CLOSE = 8;

  /** A question. */
  public static final int PING = 9;

  /** Its answer. */
  public static final int PONG = 10;

  private static final int FIN = WsPuppet.FIN;
  private static final int NORMAL = 1000;

  private final String name;
  private final Frames kind;
  private final List<Step> steps = new ArrayList<>();
  private Optional<FailureKind> failure = Optional.empty();
  private boolean closed;

  private interface Step {
    void run(WsPuppet puppet) throws IOException;
  }

  private WsCase(String name, Frames kind) {
    this.name = name;
    this.kind = kind;
  }

  /**
   * A case in which the endpoint sends text.
   *
   * @param id number of the case
   * @param section that is to be kept
   * @param what is tried
   */
  public static WsCase text(String id, String section, String what) {
    return new WsCase(id + " " + what + " (" + section + ")", Frames.TEXT);
  }

  /** A case in which the endpoint sends binary messages. */
  public static WsCase binary(String id, String section, String what) {
    return new WsCase(id + " " + what + " (" + section + ")", Frames.BINARY);
  }

  /** What the endpoint sends. */
  public Frames kind() {
    return kind;
  }

  /** How the endpoint's connection ends. */
  public FailureKind failure() {
    return failure.orElse(FailureKind.CLOSED);
  }

  private WsCase step(Step step) {
    steps.add(step);
    return this;
  }

  /** The peer says a frame. */
  public WsCase says(int first, byte[] payload) {
    return step(puppet -> puppet.say(first, payload));
  }

  /** The peer says a frame of text. */
  public WsCase says(int first, String text) {
    return says(first, text.getBytes(UTF_8));
  }

  /** The peer says a frame of bytes in hexadecimal digits. */
  public WsCase saysHex(int first, String hex) {
    return says(first, HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  /** The peer says a frame with an extended length of 2 or 8 bytes. */
  public WsCase saysLong(int first, byte[] payload, int lengthBytes) {
    return step(puppet -> puppet.say(first, payload, lengthBytes, puppet.masks()));
  }

  /** The peer says a small frame, masked or not. */
  public WsCase saysMasked(int first, byte[] payload, boolean masked) {
    return step(puppet -> puppet.say(first, payload, 0, masked));
  }

  /** The peer says the beginning of a frame. */
  public WsCase announces(int first, long length) {
    return step(puppet -> puppet.announce(first, length));
  }

  /** The peer says good-bye. */
  public WsCase saysClose(int code, String reason) {
    return says(FIN | CLOSE, close(code, reason.getBytes(UTF_8)));
  }

  private static byte[] close(int code, byte[] reason) {
    return ByteBuffer.allocate(2 + reason.length).putShort((short) code).put(reason).array();
  }

  /** The peer hears a frame. */
  public WsCase hears(int first, byte[] payload) {
    return step(
        puppet -> {
          WsPuppet.Heard heard = puppet.hear();
          assertThat(heard.first()).as("first byte of %s", heard).isEqualTo(first);
          assertThat(Arrays.equals(heard.payload(), payload)).as("content of %s", heard).isTrue();
        });
  }

  /** The peer hears its message again, in one frame. */
  public WsCase hears(byte[] payload) {
    return hears(FIN | (kind == Frames.TEXT ? TEXT : BINARY), payload);
  }

  /** The peer hears its text again, in one frame. */
  public WsCase hears(String text) {
    return hears(text.getBytes(UTF_8));
  }

  /** The peer hears its message again, compressed. */
  public WsCase hearsCompressed(byte[] payload) {
    return step(
        puppet ->
            assertThat(Arrays.equals(puppet.hearCompressed(), payload))
                .as("%d bytes again", payload.length)
                .isTrue());
  }

  /** The peer hears a close with this code; -1 for none. */
  public WsCase hearsClose(int code) {
    closed = true;
    return step(
        puppet -> {
          WsPuppet.Heard heard = puppet.hear();
          assertThat(heard.first()).as("first byte of %s", heard).isEqualTo(FIN | CLOSE);
          assertThat(heard.code()).as("code of %s", heard).isEqualTo(code);
        });
  }

  /** The endpoint breaks off, and says why. */
  public WsCase breaks(int code, FailureKind kindOfFailure) {
    failure = Optional.of(kindOfFailure);
    return hearsClose(code);
  }

  /** The endpoint breaks off for an offence. */
  public WsCase breaks(int code) {
    return breaks(code, FailureKind.PROTOCOL);
  }

  /** Runs to the end; a case that does not speak of closing closes in peace. */
  public void run(WsPuppet puppet) throws IOException {
    for (Step step : steps) {
      step.run(puppet);
    }
    if (!closed) {
      puppet.say(FIN | CLOSE, close(NORMAL, new byte[0]));
      WsPuppet.Heard heard = puppet.hear();
      assertThat(heard.first()).as("first byte of %s", heard).isEqualTo(FIN | CLOSE);
      assertThat(heard.code()).as("code of %s", heard).isEqualTo(NORMAL);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
