/** Certificates, chains and private keys, by name, from DER. */
@NullMarked
package io.securestreams.core.trust;

import org.jspecify.annotations.NullMarked;
