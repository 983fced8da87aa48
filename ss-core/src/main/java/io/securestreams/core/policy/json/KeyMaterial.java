package io.securestreams.core.policy.json;

import io.securestreams.core.error.Quoted;
import java.util.regex.Pattern;

/**
 * Tells private keys that stand in the place of a name, so that no message shows one.
 *
 * <p><b>Shape:</b> by how they begin, as one that was cut off or mistyped is a secret as well: PEM,
 * or base64 of a DER SEQUENCE that starts with a version number.
 *
 * <p><b>Source:</b> RFC 7468; RFC 5958, RFC 8017 and RFC 5915 for PKCS#8, PKCS#1 and SEC1.
 */
final class KeyMaterial {

  private static final String NOT_SHOWN = "(not shown: it looks like a private key)";

  /** No name is looked at that could not hold the shortest of private keys. */
  private static final int SHORTEST = 24;

  /** One alternative for each length of the SEQUENCE's length. */
  private static final Pattern DER =
      Pattern.compile(
          "\\s*M(?:[A-P].CAQ[AE-H]|I[E-H].AgE[AB]|II..[AQgw]IB[A-H]).*", Pattern.DOTALL);

  private KeyMaterial() {}

  /**
   * True if the text may be a private key, or a part of one.
   *
   * @param text given as a name
   */
  static boolean isIn(String text) {
    return text.length() >= SHORTEST
        && (text.contains("-----BEGIN") || DER.matcher(text).matches());
  }

  /** The name in single quotes, or why it is not shown. */
  static String quoted(String name) {
    return isIn(name) ? NOT_SHOWN : Quoted.name(name);
  }

  /** The name with escapes as in JSON and in double quotes, or why it is not shown. */
  static String inPath(String name) {
    return isIn(name) ? NOT_SHOWN : "\"" + Quoted.escaped(name) + "\"";
  }
}
