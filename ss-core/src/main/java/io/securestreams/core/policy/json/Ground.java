package io.securestreams.core.policy.json;

import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.SocksProxy;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.trust.DerObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a text is laid upon: nothing if it is a policy, the policy if it is an overlay. */
final class Ground {

  /** Below a policy. */
  static final Ground NONE = new Ground(Optional.empty());

  private final Optional<PolicyDatabase> policy;
  private final Optional<StreamMembers> members;

  private Ground(Optional<PolicyDatabase> policy) {
    this.policy = policy;
    this.members = policy.map(known -> new StreamMembers(known.proxy()));
  }

  /** Below an overlay. */
  static Ground of(PolicyDatabase policy) {
    return new Ground(Optional.of(policy));
  }

  /** The policy, if the text is an overlay. */
  Optional<PolicyDatabase> policy() {
    return policy;
  }

  /** What clients connect through that do not say otherwise. */
  Optional<SocksProxy> proxy() {
    return policy.flatMap(PolicyDatabase::proxy);
  }

  /** The stream types in their order. */
  Map<String, StreamType> streamTypes() {
    return policy.map(PolicyDatabase::streamTypes).orElse(Map.of());
  }

  /** The certificates in their order. */
  Map<String, CertificateEntry> certificates() {
    return policy.map(PolicyDatabase::certificates).orElse(Map.of());
  }

  /** The members that a stream type has without the text; none below a policy. */
  JsonValue.Obj members(StreamType type) {
    return members.map(table -> table.of(type)).orElseGet(() -> new JsonValue.Obj(0, List.of()));
  }

  /** Everything that has a name, but for the stream types, which the text may change. */
  References references(Findings findings) {
    References references = References.empty(findings);
    policy.ifPresent(
        known -> {
          known.retrySchemes().forEach(references.schemes()::inherit);
          known.trustStores().forEach(references.stores()::inherit);
          known.authSchemes().forEach(references.auths()::inherit);
          known.metricPolicies().forEach(references.metrics()::inherit);
          definitions(known).forEach(references.certificates()::inherit);
        });
    return references;
  }

  private static Map<String, CertificateDefinition> definitions(PolicyDatabase policy) {
    Map<String, CertificateDefinition> definitions = new LinkedHashMap<>();
    policy
        .certificates()
        .forEach(
            (name, entry) ->
                DerObject.parse(entry.der())
                    .map(object -> new CertificateDefinition(entry, object))
                    .ifPresent(definition -> definitions.put(name, definition)));
    return definitions;
  }
}
