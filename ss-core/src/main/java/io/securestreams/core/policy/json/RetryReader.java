package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.policy.RetryScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code retry}. */
final class RetryReader {

  private final Findings findings;
  private final Names<RetryScheme> schemes;
  private final List<Fields> read = new ArrayList<>();

  RetryReader(Findings findings, Names<RetryScheme> schemes) {
    this.findings = findings;
    this.schemes = schemes;
  }

  /** The members of every scheme of the text. */
  List<Fields> members() {
    return read;
  }

  void read(JsonValue.Arr section, JsonPath path) {
    Sections.members(section, path, findings, this::scheme);
  }

  private void scheme(JsonValue.Member member, Place holder) {
    JsonPath path = holder.path().member(member.name());
    Optional<RetryScheme> scheme =
        Sections.object(member.value(), path, findings)
            .map(object -> Fields.read(KeySection.RETRY, object, path, findings))
            .map(fields -> scheme(member.name(), fields));
    schemes.define(member.name(), holder.key(member), scheme);
  }

  private RetryScheme scheme(String name, Fields fields) {
    read.add(fields);
    List<Long> backoff =
        fields.list(PolicyKey.BACKOFF).map(array -> backoff(fields, array)).orElse(List.of());
    int ping = (int) fields.whole(PolicyKey.SVALIDPING);
    int hangup = (int) fields.whole(PolicyKey.SVALIDHUP);
    if (ping != 0 && hangup != 0 && hangup <= ping) {
      fields.reportValue(
          PolicyKey.SVALIDHUP,
          FindingCode.SUSPICIOUS,
          "not greater than 'svalidping': no ping will be sent");
    }
    int jitter = (int) fields.whole(PolicyKey.JITTERPC);
    if (jitter > 100) {
      fields.reportValue(
          PolicyKey.JITTERPC, FindingCode.SUSPICIOUS, "more than doubles every delay");
    }
    int conceal = (int) fields.whole(PolicyKey.CONCEAL);
    return new RetryScheme(name, backoff, conceal, jitter, ping, hangup);
  }

  private List<Long> backoff(Fields fields, JsonValue.Arr array) {
    Place place = fields.valuePlace(PolicyKey.BACKOFF);
    if (array.items().isEmpty()) {
      findings.add(FindingCode.SUSPICIOUS, place, "empty: every delay is 3000 ms");
    }
    List<Long> levels = new ArrayList<>();
    for (int index = 0; index < array.items().size(); index++) {
      JsonValue item = array.items().get(index);
      Place at = place.item(index, item);
      if (index == Limits.BACKOFF_LEVELS) {
        findings.add(
            FindingCode.LIMIT, at, "more than " + Limits.BACKOFF_LEVELS + " backoff levels");
        break;
      }
      Sections.whole(item, 0, Limits.U32, at, findings).ifPresent(levels::add);
    }
    return levels;
  }
}
