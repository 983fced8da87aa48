package io.securestreams.core.policy.json;

import io.securestreams.core.policy.PolicyDatabase;

/**
 * Writes policies, so that this library and the C reference read them back as they were.
 *
 * <p><b>Shape:</b> JSON (RFC 8259) with an indentation of two spaces and line feeds, the same text
 * for equal databases whose definitions have the same order. Definitions come before their use,
 * each in an object of its own, with the reference's own spellings only. What says no more than its
 * absence is left out, but for the protocol of any stream type and the path of an http client,
 * which the reference needs. Private keys and proxy passwords are part of the text: write it only
 * where those may be read.
 *
 * <p>A name that another one begins with comes after it, because the reference finds names by
 * prefix, the latest first. {@code auth_hexify} and {@code options} come last in a stream type: the
 * reference's parser takes an unknown key for the name of another stream type, so that nothing may
 * follow.
 *
 * <p><b>Source:</b> {@code lejp_tokens_policy}; policy keys of every section.
 */
public final class PolicyWriter {

  private PolicyWriter() {}

  /**
   * The policy as text. Reading it gives a database that is equal.
   *
   * @param database what {@link PolicyParser} gave, or a policy that it would accept
   * @return the text, private keys included, with a line feed at its end
   */
  public static String write(PolicyDatabase database) {
    return JsonTreeWriter.write(PolicyTree.forReference(database));
  }
}
