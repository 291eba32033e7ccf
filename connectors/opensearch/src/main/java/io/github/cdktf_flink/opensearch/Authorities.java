package io.github.cdktf_flink.opensearch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Whom a client believes that it speaks with OpenSearch. */
final class Authorities {
  private Authorities() {}

  /** By the authorities of a PEM file alone; without one, by those that the Java runtime trusts. */
  static SSLContext trust(Optional<Path> pem) {
    try {
      if (pem.isEmpty()) return SSLContext.getDefault();
      TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(storeOf(pem.get()));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException unreadable) {
      throw new OpenSearchException(
          "the certificate authorities of " + pem.map(Path::toString).orElse("Java") + " cannot be read: " + unreadable,
          unreadable);
    }
  }

  private static KeyStore storeOf(Path pem) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream content = Files.newInputStream(pem)) {
      Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509").generateCertificates(content);
      if (found.isEmpty()) throw new IOException("it holds no certificate");
      int count = 0;
      for (Certificate each : found) store.setCertificateEntry("authority-" + count++, each);
    }
    return store;
  }
}
