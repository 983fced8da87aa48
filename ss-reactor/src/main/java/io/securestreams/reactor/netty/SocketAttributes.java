package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelConfig;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.securestreams.core.policy.IpAttributes;
import io.securestreams.core.policy.IpAttributes.Service;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the network for what a policy says. What the system refuses is logged and nothing more.
 *
 * <p><b>Source:</b> policy keys {@code attr_*}; RFC 1349, {@code socket(7)} of Linux.
 */
public final class SocketAttributes {

  private static final Logger LOGGER = LoggerFactory.getLogger(SocketAttributes.class);

  private static final int SOL_SOCKET = 1;
  private static final int SO_PRIORITY = 12;

  /** Of Linux only, and its number too. */
  static final ChannelOption<Integer> PRIORITY =
      new IntegerUnixChannelOption("SO_PRIORITY", SOL_SOCKET, SO_PRIORITY);

  private static final AtomicBoolean PRIORITY_MISSED = new AtomicBoolean();

  private SocketAttributes() {}

  /** All bits of the type of service; IPv6 has them as its traffic class. */
  static int typeOfService(IpAttributes attributes) {
    int bits = 0;
    for (Service service : attributes.service()) {
      bits |=
          switch (service) {
            case LOW_LATENCY -> 0x10;
            case HIGH_THROUGHPUT -> 0x08;
            case HIGH_RELIABILITY -> 0x04;
            case LOW_COST -> 0x02;
          };
    }
    return bits;
  }

  /**
   * Sets them on a socket.
   *
   * @param attributes what to ask for
   * @param channel not connected yet, or just accepted
   */
  public static void apply(IpAttributes attributes, Channel channel) {
    change(IpAttributes.NONE, attributes, channel);
  }

  /**
   * Sets others on a socket.
   *
   * @param before what was asked for
   * @param attributes what to ask for
   * @param channel where the former were set
   */
  public static void change(IpAttributes before, IpAttributes attributes, Channel channel) {
    int service = typeOfService(attributes);
    boolean served = service != typeOfService(before);
    if (served) {
      set(channel, ChannelOption.IP_TOS, service);
    }
    boolean ranked = served && attributes.priority() != 0;
    if (!ranked && attributes.priority() == before.priority()) {
      return;
    }
    // The type of service has a priority as its side effect, so this one comes second.
    if (channel.config() instanceof EpollChannelConfig) {
      set(channel, PRIORITY, attributes.priority());
    } else if (PRIORITY_MISSED.compareAndSet(false, true)) {
      LOGGER.debug("attr_priority has no effect: it needs Linux and Netty's native transport");
    }
  }

  private static void set(Channel channel, ChannelOption<Integer> option, int value) {
    try {
      if (!channel.config().setOption(option, value)) {
        refused(option, value, "not supported");
      }
    } catch (ChannelException e) {
      refused(option, value, String.valueOf(e.getMessage()));
    }
  }

  private static void refused(ChannelOption<Integer> option, int value, String why) {
    LOGGER
        .atWarn()
        .addKeyValue("failure", why)
        .log("The system does not set {} to {} on a socket", option.name(), value);
  }
}
