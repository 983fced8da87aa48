package io.securestreams.reactor.netty;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.timeout.TimeoutException;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.Target;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Turns the errors of the JDK, Netty and Reactor Netty into ours. */
public final class FailureMapping {

  private static final int MAX_DEPTH = 16;

  /** Alerts about a client's certificate, as the JDK and OpenSSL name them. RFC 8446, 6.2. */
  private static final Pattern REFUSED_CLIENT =
      Pattern.compile(
          "alert[ _:]+(?:bad_certificate|unsupported_certificate|certificate_(?:revoked|expired"
              + "|unknown|required)|unknown_ca|access_denied)",
          Pattern.CASE_INSENSITIVE);

  private FailureMapping() {}

  /**
   * Maps a native error.
   *
   * @param error what happened; a {@link LinkException} is returned as it is
   * @param target the peer that it happened with
   */
  public static LinkException map(Throwable error, Target target) {
    return error instanceof LinkException ours ? ours : exception(kind(error), error, target);
  }

  /**
   * Maps a native error of a connection that is not usable yet: its loss is a failure to connect,
   * or with TLS, of the handshake.
   *
   * @param error what happened; a {@link LinkException} is returned as it is
   * @param target the peer that it happened with
   */
  static LinkException connecting(Throwable error, Target target) {
    LinkException mapped = map(error, target);
    if (mapped.kind() != FailureKind.CLOSED) {
      return mapped;
    }
    return exception(
        target.tls().isPresent() ? FailureKind.TLS_HANDSHAKE : FailureKind.CONNECT, error, target);
  }

  /**
   * Maps the failures of all addresses of a peer: nobody answered, or somebody said no.
   *
   * @param errors one or more, in the order in which the addresses were tried
   * @param target the peer
   */
  static LinkException unreachable(Collection<? extends Throwable> errors, Target target) {
    boolean silent = errors.stream().allMatch(error -> kind(error) == FailureKind.TIMEOUT);
    FailureKind kind = silent ? FailureKind.TIMEOUT : FailureKind.CONNECT;
    Throwable last = null;
    for (Throwable error : errors) {
      last = error;
    }
    return new LinkException(
        kind, summary(kind) + " " + target + ": " + details(errors), target.toString(), last);
  }

  /** What happened, of several. */
  static String details(Collection<? extends Throwable> errors) {
    return errors.stream().map(FailureMapping::detail).collect(Collectors.joining("; "));
  }

  /**
   * Maps the failure of a lookup.
   *
   * @param error what the resolver says
   * @param target the peer
   */
  static LinkException unresolved(Throwable error, Target target) {
    return exception(FailureKind.DNS, error, target);
  }

  /**
   * Maps the failure of a TLS handshake: the loss of its connection is one too.
   *
   * @param error what happened
   * @param target the peer
   */
  static LinkException handshaking(Throwable error, Target target) {
    FailureKind kind = kind(error);
    return exception(kind == FailureKind.CLOSED ? FailureKind.TLS_HANDSHAKE : kind, error, target);
  }

  private static LinkException exception(FailureKind kind, Throwable error, Target target) {
    return new LinkException(
        kind, summary(kind) + " " + target + ": " + detail(error), target.toString(), error);
  }

  private static FailureKind kind(Throwable error) {
    FailureKind certificate = firstKind(error, FailureMapping::certificateKind);
    if (certificate != null) {
      return certificate;
    }
    FailureKind other = firstKind(error, FailureMapping::plainKind);
    return other == null ? FailureKind.PROTOCOL : other;
  }

  private interface Rule {
    @Nullable FailureKind apply(Throwable error);
  }

  private static @Nullable FailureKind firstKind(Throwable error, Rule rule) {
    FailureKind general = null;
    Throwable next = error;
    for (int depth = 0; next != null && depth < MAX_DEPTH; depth++) {
      FailureKind kind = rule.apply(next);
      if (kind != null) {
        if (kind != FailureKind.TLS_UNTRUSTED) {
          return kind;
        }
        // The outer error of a chain says "not trusted", an inner one may know why.
        general = kind;
      }
      next = next.getCause();
    }
    return general;
  }

  private static @Nullable FailureKind certificateKind(Throwable error) {
    if (error instanceof CertificateExpiredException) {
      return FailureKind.TLS_EXPIRED;
    }
    if (error instanceof CertificateNotYetValidException) {
      return FailureKind.TLS_NOT_YET_VALID;
    }
    if (error instanceof CertificateException) {
      String message = String.valueOf(error.getMessage());
      return message.startsWith("No subject alternative") || message.startsWith("No name matching")
          ? FailureKind.TLS_HOST
          : FailureKind.TLS_UNTRUSTED;
    }
    return error instanceof CertPathBuilderException || error instanceof CertPathValidatorException
        ? FailureKind.TLS_UNTRUSTED
        : null;
  }

  private static @Nullable FailureKind plainKind(Throwable error) {
    if (error instanceof UnknownHostException) {
      return FailureKind.DNS;
    }
    if (error instanceof ConnectTimeoutException
        || error instanceof SslHandshakeTimeoutException
        || error instanceof SocketTimeoutException
        || error instanceof TimeoutException) {
      return FailureKind.TIMEOUT;
    }
    if (error instanceof SSLException) {
      // TLS 1.3 refuses a client after the handshake, with what looks like any other error.
      return REFUSED_CLIENT.matcher(String.valueOf(error.getMessage())).find()
          ? FailureKind.AUTH
          : FailureKind.TLS_HANDSHAKE;
    }
    if (error instanceof ConnectException
        || error instanceof NoRouteToHostException
        || error instanceof PortUnreachableException) {
      return FailureKind.CONNECT;
    }
    if (error instanceof TooLongFrameException) {
      return FailureKind.LIMIT;
    }
    if (error instanceof PrematureChannelClosureException) {
      return FailureKind.CLOSED;
    }
    if (error instanceof Http2Exception h2) {
      return h2 instanceof Http2Exception.HeaderListSizeException
              || h2.error() == Http2Error.ENHANCE_YOUR_CALM
          ? FailureKind.LIMIT
          : FailureKind.PROTOCOL;
    }
    if (error instanceof CodecException) {
      // Its cause knows better: a DecoderException carries what TLS had to say.
      return error.getCause() == null ? FailureKind.PROTOCOL : null;
    }
    return error instanceof IOException ? FailureKind.CLOSED : null;
  }

  private static String summary(FailureKind kind) {
    return switch (kind) {
      case DNS -> "cannot resolve";
      case CONNECT -> "cannot connect to";
      case PROXY -> "the proxy refused a connection to";
      case TLS_UNTRUSTED -> "no trusted authority vouches for";
      case TLS_EXPIRED -> "expired certificate of";
      case TLS_NOT_YET_VALID -> "not yet valid certificate of";
      case TLS_HOST -> "certificate for another host than";
      case TLS_HANDSHAKE -> "no TLS with";
      case TIMEOUT -> "no answer in time from";
      case AUTH -> "not authorized at";
      case PROTOCOL -> "protocol error with";
      case PORTAL -> "captive portal before";
      case LIMIT -> "limit passed by";
      case CLOSED -> "connection lost to";
      case PLAN, POLICY -> "unusable request to";
    };
  }

  private static String detail(Throwable error) {
    if (error instanceof ClosedChannelException) {
      return "it closed the connection";
    }
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }
}
