package io.securestreams.core.policy;

import java.util.Arrays;
import java.util.Objects;

/**
 * One DER object of the policy: a certificate or a private key. Source: policy key {@code
 * certs[].*}.
 *
 * <p>{@link #toString()} never shows the bytes.
 */
public final class CertificateEntry {

  private final String name;
  private final byte[] der;

  /**
   * Copies the bytes.
   *
   * @param name the name that trust stores and servers refer to
   * @param der one DER object
   */
  public CertificateEntry(String name, byte[] der) {
    this.name = Objects.requireNonNull(name, "name");
    this.der = der.clone();
  }

  /** The name that trust stores and servers refer to. */
  public String name() {
    return name;
  }

  /** A copy of the DER bytes, which may be a private key. */
  public byte[] der() {
    return der.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CertificateEntry entry
        && name.equals(entry.name)
        && Arrays.equals(der, entry.der);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(der);
  }

  @Override
  public String toString() {
    return "CertificateEntry[" + name + ", " + der.length + " bytes]";
  }
}
