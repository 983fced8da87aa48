package io.securestreams.reactor.transport.server;

import java.time.Duration;

/** How limits are called in logs and failures: by what the application can set. */
public final class LimitText {

  private LimitText() {}

  /**
   * Names a limit of servers.
   *
   * @param component its name in {@code ServerLimits}
   * @param value its value
   */
  public static String of(String component, long value) {
    return text(component, Long.toString(value));
  }

  /**
   * Names a time limit of servers.
   *
   * @param component its name in {@code ServerLimits}
   * @param value its value
   */
  public static String of(String component, Duration value) {
    return text(component, value.toMillis() + " ms");
  }

  private static String text(String component, String value) {
    return component + " = " + value + " of serverLimits(...)";
  }
}
