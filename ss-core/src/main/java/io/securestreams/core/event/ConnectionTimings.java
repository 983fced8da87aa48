package io.securestreams.core.event;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How long the parts of one connection took. What a connection that was there already had cost
 * before is 0.
 *
 * <p><b>Units:</b> microseconds, 0..4294967295.
 *
 * <p><b>Source:</b> policy key {@code s[].*.perf}; {@code lws_conmon} of the reference.
 *
 * @param peer numeric address that was connected to, without port
 * @param lookup how the lookup of the name ended
 * @param lookupMicros how long it took
 * @param addresses all that it found, numeric
 * @param connectMicros until the socket stood; 0 if it never did
 * @param tlsMicros of the TLS handshake; 0 without one
 * @param responseMicros from the request to the first byte of its answer; 0 without one
 * @param httpStatus of the answer; empty if the protocol is not http, or there was none
 */
public record ConnectionTimings(
    Optional<String> peer,
    Lookup lookup,
    long lookupMicros,
    List<String> addresses,
    long connectMicros,
    long tlsMicros,
    long responseMicros,
    OptionalInt httpStatus) {

  /** A connection that was there already, or of which nothing is known. */
  public static final ConnectionTimings NONE =
      new ConnectionTimings(
          Optional.empty(), Lookup.NONE, 0, List.of(), 0, 0, 0, OptionalInt.empty());

  /** How a lookup ended. */
  public enum Lookup {
    /** Nobody was asked. */
    NONE(0),
    /** There are addresses. */
    FOUND(1),
    /** No name server answered. */
    NO_SERVER(2),
    /** The name has no address. */
    NOT_FOUND(3);

    private final int code;

    Lookup(int code) {
      this.code = code;
    }

    /** The reference's number. */
    public int code() {
      return code;
    }
  }

  /** Copies the addresses. */
  public ConnectionTimings {
    Objects.requireNonNull(peer, "peer");
    Objects.requireNonNull(lookup, "lookup");
    addresses = List.copyOf(addresses);
    Objects.requireNonNull(httpStatus, "httpStatus");
  }

  /**
   * The same with an answer.
   *
   * @param micros from the request to the first byte of it
   * @param status of http, or empty
   */
  public ConnectionTimings answered(long micros, OptionalInt status) {
    return new ConnectionTimings(
        peer, lookup, lookupMicros, addresses, connectMicros, tlsMicros, micros, status);
  }
}
