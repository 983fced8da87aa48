package io.securestreams.bench;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where the benchmark server is, and who vouches for it.
 *
 * @param ports of http, by what it speaks
 * @param tcp port of the raw service
 * @param authority certificate in base64 of DER
 */
record Server(Map<Wire, Integer> ports, int tcp, String authority) {

  /** All in one word, to be read by {@link #parse}. */
  String word() {
    return Arrays.stream(Wire.values())
            .map(wire -> String.valueOf(port(wire)))
            .collect(Collectors.joining(","))
        + ","
        + tcp
        + ","
        + authority;
  }

  static Server parse(String word) {
    String[] parts = word.split(",", -1);
    Map<Wire, Integer> ports = new EnumMap<>(Wire.class);
    for (Wire wire : Wire.values()) {
      ports.put(wire, Integer.valueOf(parts[wire.ordinal()]));
    }
    int wires = Wire.values().length;
    return new Server(ports, Integer.parseInt(parts[wires]), parts[wires + 1]);
  }

  int port(Wire wire) {
    return ports.getOrDefault(wire, 0);
  }

  /** The authority in the form of the Java platform. */
  X509Certificate anchor() {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(Base64.getDecoder().decode(authority)));
    } catch (CertificateException e) {
      throw new IllegalStateException("the server's authority is unreadable", e);
    }
  }
}
