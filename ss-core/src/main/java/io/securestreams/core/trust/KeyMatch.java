package io.securestreams.core.trust;

import java.io.IOException;
import java.security.PrivateKey;
import java.security.PublicKey;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.Ed448PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed448PublicKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.util.Arrays;

/** Tells whether two keys are halves of one pair, by calculation: no signature, no randomness. */
final class KeyMatch {

  private KeyMatch() {}

  static boolean matches(PrivateKey privateKey, PublicKey publicKey) {
    try {
      return matches(
          PrivateKeyFactory.createKey(privateKey.getEncoded()),
          PublicKeyFactory.createKey(publicKey.getEncoded()));
    } catch (IOException | RuntimeException unknownKind) {
      return false;
    }
  }

  private static boolean matches(AsymmetricKeyParameter secret, AsymmetricKeyParameter shown) {
    if (secret instanceof RSAKeyParameters a && shown instanceof RSAKeyParameters b) {
      return a.getModulus().equals(b.getModulus());
    }
    if (secret instanceof ECPrivateKeyParameters a && shown instanceof ECPublicKeyParameters b) {
      return a.getParameters().getCurve().equals(b.getParameters().getCurve())
          && a.getParameters().getG().multiply(a.getD()).equals(b.getQ());
    }
    if (secret instanceof Ed25519PrivateKeyParameters a
        && shown instanceof Ed25519PublicKeyParameters b) {
      return Arrays.areEqual(a.generatePublicKey().getEncoded(), b.getEncoded());
    }
    return secret instanceof Ed448PrivateKeyParameters a
        && shown instanceof Ed448PublicKeyParameters b
        && Arrays.areEqual(a.generatePublicKey().getEncoded(), b.getEncoded());
  }
}
