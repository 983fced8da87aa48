package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.core.trust.DerObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code trust_stores}, in both spellings: {@code {"name": .., "stack": [..]}} and the
 * README's {@code {"name of the store": [..]}}.
 */
final class TrustStoreReader {

  private final Findings findings;
  private final Names<CertificateDefinition> certificates;
  private final Names<TrustStore> stores;

  TrustStoreReader(
      Findings findings, Names<CertificateDefinition> certificates, Names<TrustStore> stores) {
    this.findings = findings;
    this.certificates = certificates;
    this.stores = stores;
  }

  void read(JsonValue.Arr section, JsonPath path) {
    Sections.objects(section, path, findings, this::object);
  }

  private void object(JsonValue.Obj object, JsonPath path) {
    Place place = new Place(path, object.offset());
    boolean spelled = object.members().isEmpty();
    for (JsonValue.Member member : object.members()) {
      spelled |= PolicyKey.of(KeySection.TRUST_STORE, member.name()).isPresent();
    }
    if (!spelled) {
      findings.add(FindingCode.ALIAS, place, "use {\"name\": .., \"stack\": [..]}");
      object.members().forEach(member -> byName(member, place));
      return;
    }
    for (JsonValue.Member member : object.members()) {
      if (PolicyKey.of(KeySection.TRUST_STORE, member.name()).isEmpty()
          && member.value() instanceof JsonValue.Arr) {
        findings.add(
            FindingCode.CONFLICT,
            place.key(member),
            "a store by name beside 'name' and 'stack'; use one spelling in an object");
        stores.incomplete();
        return;
      }
    }
    spelled(object, path);
  }

  private void byName(JsonValue.Member member, Place holder) {
    Place place = holder.value(member);
    Optional<TrustStore> store = Optional.empty();
    if (member.value() instanceof JsonValue.Arr array) {
      store = stack(array, place).map(stack -> new TrustStore(member.name(), stack));
    } else {
      findings.add(FindingCode.TYPE, place, ValueType.LIST.mismatch(member.value()));
    }
    stores.define(member.name(), holder.key(member), store);
  }

  private void spelled(JsonValue.Obj object, JsonPath path) {
    Fields fields = Fields.read(KeySection.TRUST_STORE, object, path, findings);
    if (!fields.has(PolicyKey.STORE_NAME)) {
      fields.report(FindingCode.MISSING, "'name' is required");
    }
    if (!fields.has(PolicyKey.STORE_STACK)) {
      fields.report(FindingCode.MISSING, "'stack' is required");
    }
    Optional<List<CertificateEntry>> stack =
        fields
            .list(PolicyKey.STORE_STACK)
            .flatMap(array -> stack(array, fields.valuePlace(PolicyKey.STORE_STACK)));
    Optional<String> name = fields.text(PolicyKey.STORE_NAME);
    if (name.isEmpty()) {
      stores.incomplete();
      return;
    }
    Optional<TrustStore> store = stack.map(entries -> new TrustStore(name.get(), entries));
    stores.define(name.get(), fields.valuePlace(PolicyKey.STORE_NAME), store);
  }

  private Optional<List<CertificateEntry>> stack(JsonValue.Arr array, Place place) {
    if (array.items().isEmpty()) {
      findings.add(FindingCode.LIMIT, place, "at least one certificate is required");
      return Optional.empty();
    }
    List<CertificateEntry> stack = new ArrayList<>();
    for (int index = 0; index < array.items().size(); index++) {
      JsonValue item = array.items().get(index);
      Place at = place.item(index, item);
      if (index == Limits.STACK) {
        findings.add(
            FindingCode.LIMIT, at, "a trust store holds at most " + Limits.STACK + " certificates");
        break;
      }
      Sections.text(item, at, findings)
          .flatMap(name -> certificates.resolveEarlier(name, at))
          .filter(definition -> isCertificate(definition, at))
          .ifPresent(definition -> stack.add(definition.entry()));
    }
    return Optional.of(stack);
  }

  private boolean isCertificate(CertificateDefinition definition, Place place) {
    if (definition.object() instanceof DerObject.Certificate) {
      return true;
    }
    findings.add(
        FindingCode.ENCODING,
        place,
        KeyMaterial.quoted(definition.entry().name()) + " is a private key, not a certificate");
    return false;
  }
}
