package io.securestreams.core.policy.json;

import io.securestreams.core.policy.AuthScheme;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.RetryScheme;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.TrustStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a policy says when everything it leaves out is filled in, for people and scripts to read.
 *
 * <p><b>Shape:</b> the policy itself, then its definitions in the order of the sections, each with
 * every key that concerns it. Of a private key and of a proxy's password only {@code (hidden)} is
 * shown; of a certificate subject, issuer, expiry and fingerprint instead of its bytes.
 */
public final class PolicyOverview {

  private final List<OverviewPart> parts;

  private PolicyOverview(List<OverviewPart> parts) {
    this.parts = List.copyOf(parts);
  }

  /**
   * One thing that the policy defines.
   *
   * @param section the policy's key for its kind, for example {@code retry}; empty for the policy
   *     itself
   * @param name its name; empty for the policy itself
   * @param settings what is said of it
   */
  public record Part(String section, String name, List<Setting> settings) {

    /** Copies the settings. */
    public Part {
      settings = List.copyOf(settings);
    }
  }

  /**
   * One key and its value.
   *
   * @param key as in the policy, or a word for a fact about a certificate
   * @param value on one line; empty if the key is not set and nothing stands for it
   * @param given false if the value stands for a key that the policy leaves out
   */
  public record Setting(String key, String value, boolean given) {}

  /**
   * A whole policy.
   *
   * @param database what it says
   */
  public static PolicyOverview of(PolicyDatabase database) {
    return new PolicyOverview(parts(database, (section, name) -> true));
  }

  /**
   * One stream type and what it refers to.
   *
   * @param database the policy that it belongs to
   * @param type one of its stream types
   */
  public static PolicyOverview of(PolicyDatabase database, StreamType type) {
    Map<PolicyKey, Set<String>> used = used(type);
    return new PolicyOverview(
        parts(database, (section, name) -> used.getOrDefault(section, Set.of()).contains(name)));
  }

  private static Map<PolicyKey, Set<String>> used(StreamType type) {
    List<TrustStore> stores =
        Stream.of(type.tlsSettings().trustStore(), type.tlsSettings().clientTrustStore())
            .flatMap(Optional::stream)
            .toList();
    Stream<CertificateEntry> own =
        Stream.of(type.tlsSettings().serverCertificate(), type.tlsSettings().serverKey())
            .flatMap(entry -> entry.stream());
    Stream<CertificateEntry> authorities = stores.stream().flatMap(store -> store.stack().stream());
    return Map.of(
        PolicyKey.RETRY_SCHEMES, names(type.retry().stream().map(RetryScheme::name)),
        PolicyKey.CERTS, names(Stream.concat(own, authorities).map(CertificateEntry::name)),
        PolicyKey.TRUST_STORES, names(stores.stream().map(TrustStore::name)),
        PolicyKey.AUTHS, names(type.auth().scheme().stream().map(AuthScheme::name)),
        PolicyKey.STREAM_TYPES, Set.of(type.name()));
  }

  private static Set<String> names(Stream<String> names) {
    return names.collect(Collectors.toSet());
  }

  private static List<OverviewPart> parts(
      PolicyDatabase database, BiPredicate<PolicyKey, String> wanted) {
    OverviewReader reader = new OverviewReader(database);
    List<OverviewPart> parts = new ArrayList<>(List.of(reader.policy()));
    for (PolicyKey section : OverviewReader.SECTIONS) {
      reader.definitions(section).stream()
          .filter(part -> wanted.test(section, part.name()))
          .forEach(parts::add);
    }
    return parts;
  }

  /** The policy, then its definitions in the order of the sections. */
  public List<Part> parts() {
    return parts.stream().map(OverviewPart::shown).toList();
  }

  /**
   * The same as JSON: the settings of the policy, and an object of definitions by name for each
   * section. A key that is not set and that nothing stands for is {@code null}.
   *
   * @return the text, with a line feed at its end
   */
  public String json() {
    List<JsonValue.Member> members = new ArrayList<>();
    Map<String, List<JsonValue.Member>> sections = new LinkedHashMap<>();
    OverviewReader.SECTIONS.forEach(key -> sections.put(key.key(), new ArrayList<>()));
    for (OverviewPart part : parts) {
      if (part.section().isEmpty()) {
        members.addAll(part.object().members());
      } else {
        sections
            .computeIfAbsent(part.section(), section -> new ArrayList<>())
            .add(new JsonValue.Member(part.name(), 0, part.object()));
      }
    }
    sections.forEach(
        (section, definitions) ->
            members.add(new JsonValue.Member(section, 0, new JsonValue.Obj(0, definitions))));
    return JsonTreeWriter.write(new JsonValue.Obj(0, members));
  }
}
