package io.securestreams.reactor.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Puts a policy together. Members of objects may be written with single quotes. */
public final class TestPolicy {

  private final List<String> schemes = new ArrayList<>();
  private final List<String> certificates = new ArrayList<>();
  private final List<String> stores = new ArrayList<>();
  private final List<String> streamTypes = new ArrayList<>();

  /** A retry scheme without jitter to speak of. */
  public TestPolicy retry(String name, int conceal, long... backoff) {
    return retry(
        name,
        "'conceal':%d,'jitterpc':1,'backoff':%s".formatted(conceal, Arrays.toString(backoff)));
  }

  /** A retry scheme. */
  public TestPolicy retry(String name, String members) {
    schemes.add(object(name, members));
    return this;
  }

  /** A trust store of one authority. */
  public TestPolicy trust(String name, TestPki.Authority authority) {
    certificates.add("{\"" + name + "_ca\":\"" + authority.certificateText() + "\"}");
    stores.add("{\"name\":\"" + name + "\",\"stack\":[\"" + name + "_ca\"]}");
    return this;
  }

  /** Certificate {@code <name>_cert} and key {@code <name>_key} of a server. */
  public TestPolicy identity(String name, TestPki.Identity identity) {
    certificates.add("{\"" + name + "_cert\":\"" + identity.certificateText() + "\"}");
    certificates.add("{\"" + name + "_key\":\"" + identity.keyText() + "\"}");
    return this;
  }

  /** A client's stream type for a port of this machine. */
  public TestPolicy client(String name, String protocol, int port, String members) {
    return stream(
        name,
        "'endpoint':'localhost','port':%d,'protocol':'%s'%s"
            .formatted(port, protocol, members.isEmpty() ? "" : "," + members));
  }

  /** A server's stream type on any port of the loopback interface. */
  public TestPolicy server(String name, String protocol, String members) {
    return stream(
        name,
        "'server':true,'endpoint':'127.0.0.1','port':0,'protocol':'%s'%s"
            .formatted(protocol, members.isEmpty() ? "" : "," + members));
  }

  /** A stream type. */
  public TestPolicy stream(String name, String members) {
    streamTypes.add(object(name, members));
    return this;
  }

  /** The policy's JSON. */
  public String text() {
    return "{\"release\":\"1\",\"product\":\"it\",\"schema-version\":1"
        + section("retry", schemes)
        + section("certs", certificates)
        + section("trust_stores", stores)
        + section("s", streamTypes)
        + "}";
  }

  private static String object(String name, String members) {
    return "{\"" + name + "\":{" + members.replace('\'', '"') + "}}";
  }

  private static String section(String name, List<String> members) {
    return members.isEmpty()
        ? ""
        : members.stream().collect(Collectors.joining(",", ",\"" + name + "\":[", "]"));
  }
}
