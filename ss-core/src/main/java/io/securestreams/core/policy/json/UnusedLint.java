package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Definitions that nothing refers to. */
final class UnusedLint {

  private UnusedLint() {}

  /**
   * Looks at all definitions of a text.
   *
   * @param certificates the names of those in use
   */
  static void check(
      References references,
      Collection<StreamDraft> drafts,
      Set<String> certificates,
      Findings findings) {
    check(references.schemes(), named(drafts, PolicyKey.STREAM_RETRY), findings);
    check(references.certificates(), certificates, findings);
    check(
        references.stores(),
        named(drafts, PolicyKey.TLS_TRUST_STORE, PolicyKey.CLIENT_TRUST_STORE),
        findings);
    check(references.auths(), named(drafts, PolicyKey.USE_AUTH), findings);
  }

  private static Set<String> named(Collection<StreamDraft> drafts, PolicyKey... keys) {
    return drafts.stream()
        .flatMap(draft -> Stream.of(keys).flatMap(key -> draft.fields().text(key).stream()))
        .collect(Collectors.toSet());
  }

  private static void check(Names<?> names, Set<String> used, Findings findings) {
    names
        .places()
        .forEach(
            (name, place) -> {
              if (!used.contains(name)) {
                findings.add(FindingCode.SUSPICIOUS, place, "nothing refers to it");
              }
            });
  }
}
