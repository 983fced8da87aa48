package io.securestreams.reactor.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.TlsPlan;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureMappingTest {

  private static final Target PLAIN = new Target("example.com", 80, Optional.empty());
  private static final Target SECURE =
      new Target("example.com", 443, Optional.of(new TlsPlan(Optional.empty())));

  static Stream<Arguments> nativeErrors() {
    return Stream.of(
        row(new UnknownHostException("example.com"), FailureKind.DNS),
        row(new ConnectException("Connection refused"), FailureKind.CONNECT),
        row(new NoRouteToHostException("No route to host"), FailureKind.CONNECT),
        row(new ConnectTimeoutException("connection timed out"), FailureKind.TIMEOUT),
        row(
            handshake(new CertPathBuilderException("unable to find path")),
            FailureKind.TLS_UNTRUSTED),
        row(
            handshake(
                new CertificateException(
                    "PKIX path validation failed",
                    new CertPathValidatorException(
                        "validity check failed", new CertificateExpiredException("NotAfter")))),
            FailureKind.TLS_EXPIRED),
        row(
            handshake(
                new CertPathValidatorException(
                    "validity check failed", new CertificateNotYetValidException("NotBefore"))),
            FailureKind.TLS_NOT_YET_VALID),
        row(
            handshake(
                new CertificateException("No subject alternative DNS name matching x found.")),
            FailureKind.TLS_HOST),
        row(handshake(new CertificateException("No name matching x found")), FailureKind.TLS_HOST),
        row(
            handshake(new CertificateException("No subject alternative names present")),
            FailureKind.TLS_HOST),
        row(new NotSslRecordException("not an SSL/TLS record"), FailureKind.TLS_HANDSHAKE),
        row(new SSLHandshakeException("protocol_version"), FailureKind.TLS_HANDSHAKE),
        row(
            new DecoderException(new SSLHandshakeException("bad_certificate")),
            FailureKind.TLS_HANDSHAKE),
        row(new SslHandshakeTimeoutException("handshake timed out"), FailureKind.TIMEOUT),
        row(ReadTimeoutException.INSTANCE, FailureKind.TIMEOUT),
        row(new ClosedChannelException(), FailureKind.CLOSED),
        row(new SocketException("Connection reset"), FailureKind.CLOSED),
        row(new IOException("Broken pipe"), FailureKind.CLOSED),
        row(new TooLongHttpHeaderException("HTTP header is larger than 9"), FailureKind.LIMIT),
        row(new CorruptedFrameException("nonsense"), FailureKind.PROTOCOL),
        row(new PrematureChannelClosureException("no headers"), FailureKind.CLOSED),
        row(new NumberFormatException("For input string"), FailureKind.PROTOCOL),
        row(new IllegalArgumentException("a header"), FailureKind.PROTOCOL));
  }

  private static Arguments row(Throwable error, FailureKind kind) {
    return Arguments.of(error, kind);
  }

  private static SSLException handshake(Throwable cause) {
    SSLHandshakeException outer = new SSLHandshakeException("outer");
    outer.initCause(new CertificateException("PKIX path building failed", cause));
    return outer;
  }

  @ParameterizedTest(name = "{0} is {1}")
  @MethodSource("nativeErrors")
  void mapsNativeErrors(Throwable error, FailureKind kind) {
    LinkException mapped = FailureMapping.map(error, SECURE);

    assertThat(mapped.kind()).isEqualTo(kind);
    assertThat(mapped).hasCause(error).hasMessageContaining("example.com:443");
    assertThat(mapped.peer()).contains("example.com:443");
  }

  @Test
  void takesALossWhileConnectingForAFailureToConnect() {
    Throwable lost = new ClosedChannelException();

    assertThat(FailureMapping.connecting(lost, PLAIN).kind()).isEqualTo(FailureKind.CONNECT);
    assertThat(FailureMapping.connecting(lost, SECURE).kind()).isEqualTo(FailureKind.TLS_HANDSHAKE);
  }

  @Test
  void leavesOurOwnErrorsAlone() {
    LinkException ours = new LinkException(FailureKind.PLAN, "no");

    assertThat(FailureMapping.map(ours, PLAIN)).isSameAs(ours);
  }
}
