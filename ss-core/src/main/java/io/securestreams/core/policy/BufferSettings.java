package io.securestreams.core.policy;

import java.util.Objects;

/**
 * What each end of a link to a proxy holds for a stream.
 *
 * @param proxy at the proxy. Source: {@code proxy_buflen*}
 * @param client at the application. Source: {@code client_buflen*}
 */
public record BufferSettings(Buffer proxy, Buffer client) {

  /** Nothing set. */
  public static final BufferSettings NONE = new BufferSettings(Buffer.DEFAULT, Buffer.DEFAULT);

  /** Checks the components. */
  public BufferSettings {
    Objects.requireNonNull(proxy, "proxy");
    Objects.requireNonNull(client, "client");
  }

  /**
   * One buffer; all in bytes, 0..4294967295.
   *
   * @param size 0 means 32768
   * @param pauseAbove from so many bytes on nothing more is read into it; 0 means no such limit
   * @param resumeBelow below so many bytes reading goes on
   */
  public record Buffer(long size, long pauseAbove, long resumeBelow) {

    /** Nothing set. */
    public static final Buffer DEFAULT = new Buffer(0, 0, 0);
  }
}
