package io.securestreams.core.policy;

import java.util.List;
import java.util.Objects;

/**
 * A named way to come back after failures. Source: policy key {@code retry[].*}.
 *
 * @param name the name that {@code s[].*.retry} refers to
 * @param backoff waits in ms before retry 1, 2, ...; the last one repeats; empty means 3000 each
 * @param conceal failed attempts that are followed by an automatic retry; 65535 never gives up
 * @param jitter percent added at random to each wait, 0..255; 0 means 30
 * @param validityPing seconds without proof of validity after which a ping is sent, 0..65535
 * @param validityHangup seconds without proof of validity after which the connection is closed; 0:
 *     never
 */
public record RetryScheme(
    String name,
    List<Long> backoff,
    int conceal,
    int jitter,
    int validityPing,
    int validityHangup) {

  /** The {@link #conceal} that never gives up. */
  public static final int FOREVER = 65535;

  /** Copies the table. */
  public RetryScheme {
    Objects.requireNonNull(name, "name");
    backoff = List.copyOf(backoff);
  }
}
