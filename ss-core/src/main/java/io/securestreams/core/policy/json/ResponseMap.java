package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Reads {@code s[].*.http_resp_map}. */
final class ResponseMap {

  private final Findings findings;
  private final Set<String> seen = new LinkedHashSet<>();
  private final Map<Integer, Integer> states = new LinkedHashMap<>();
  private int entries;

  private ResponseMap(Findings findings) {
    this.findings = findings;
  }

  static Map<Integer, Integer> read(Fields fields, Findings findings) {
    ResponseMap map = new ResponseMap(findings);
    JsonPath path = fields.valuePlace(PolicyKey.HTTP_RESP_MAP).path();
    fields
        .list(PolicyKey.HTTP_RESP_MAP)
        .ifPresent(array -> Sections.objects(array, path, findings, map::object));
    return map.states;
  }

  private void object(JsonValue.Obj object, JsonPath path) {
    Place place = new Place(path, object.offset());
    for (JsonValue.Member member : object.members()) {
      entries++;
      if (entries == Limits.RESPONSES + 1) {
        boolean first = member.equals(object.members().get(0));
        findings.add(
            FindingCode.LIMIT,
            first ? place : place.key(member),
            "at most " + Limits.RESPONSES + " entries");
      }
      if (entries <= Limits.RESPONSES) {
        entry(member, place);
      }
    }
  }

  private void entry(JsonValue.Member member, Place holder) {
    Place key = holder.key(member);
    String code = member.name();
    boolean usable = false;
    if (!Numbers.isDigits(code)) {
      findings.add(FindingCode.VALUE, key, "not an HTTP status code");
    } else if (Numbers.inRange(code, Limits.FIRST_STATUS, Limits.LAST_STATUS).isEmpty()) {
      findings.add(
          FindingCode.RANGE, key, Numbers.outside(code, Limits.FIRST_STATUS, Limits.LAST_STATUS));
    } else if (!seen.add(code)) {
      findings.add(FindingCode.DUPLICATE, key, "status " + code + " is already mapped");
    } else {
      usable = true;
    }
    Place place = holder.value(member);
    OptionalLong state = state(member.value(), place);
    if (usable && state.isPresent()) {
      states.put(Integer.parseInt(code), (int) state.getAsLong());
    }
  }

  private OptionalLong state(JsonValue value, Place place) {
    if (!(value instanceof JsonValue.Num number) || !number.isWhole()) {
      findings.add(FindingCode.TYPE, place, ValueType.WHOLE.mismatch(value));
      return OptionalLong.empty();
    }
    OptionalLong state = Numbers.inRange(number.text(), Limits.FIRST_USER_STATE, Limits.U16);
    if (state.isEmpty()) {
      state = Numbers.inRange(number.text(), Limits.AUTH_FAILED, Limits.AUTH_FAILED);
    }
    if (state.isEmpty()) {
      findings.add(
          FindingCode.RANGE,
          place,
          "state must be 4 or 1000..65535; other states below 1000 are reserved");
    }
    return state;
  }
}
