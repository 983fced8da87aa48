package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.policy.Protocol;
import java.util.ArrayList;
import java.util.List;

/** Says which settings of a stream type this version does not act on, and which of them matter. */
final class SupportNotice {

  private static final String NOT_YET = "not supported yet";

  private SupportNotice() {}

  /**
   * Reports them.
   *
   * @return the keys without which the stream would be insecure or speak the wrong protocol
   */
  static List<String> blockers(StreamDraft draft) {
    List<String> blockers = new ArrayList<>();
    Fields fields = draft.fields();
    for (PolicyKey key : fields.keys()) {
      if (key.support() == Support.GONE) {
        fields.reportKey(key, FindingCode.DEPRECATED, "has no effect");
      } else if (isMissed(key) && says(fields, key) && !fields.isSettled(key)) {
        fields.reportKey(key, FindingCode.IGNORED, NOT_YET);
        if (key.support() == Support.LATER_BLOCKS) {
          blockers.add(key.key());
        }
      }
    }
    protocol(draft, blockers);
    return blockers;
  }

  private static boolean isMissed(PolicyKey key) {
    return key.support() == Support.LATER || key.support() == Support.LATER_BLOCKS;
  }

  /** True unless the value says what the absence of the key says. */
  private static boolean says(Fields fields, PolicyKey key) {
    return key.type() == ValueType.FLAG ? fields.flag(key) : fields.value(key).isPresent();
  }

  private static void protocol(StreamDraft draft, List<String> blockers) {
    Fields fields = draft.fields();
    if (draft.endpoint().startsWith("!")) {
      fields.reportValue(
          PolicyKey.ENDPOINT, FindingCode.IGNORED, "there are no hosts here to attach to");
      blockers.add(PolicyKey.ENDPOINT.key());
    }
    if (draft.speaks(Protocol.MQTT) && !draft.isFile() && !fields.isSettled(PolicyKey.PROTOCOL)) {
      fields.reportValue(PolicyKey.PROTOCOL, FindingCode.IGNORED, NOT_YET);
      blockers.add(PolicyKey.PROTOCOL.key());
    }
  }
}
