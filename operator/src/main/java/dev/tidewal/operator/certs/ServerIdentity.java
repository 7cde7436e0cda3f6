package dev.tidewal.operator.certs;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** What servers show, changed under their feet: connections from now on see the new leaf. */
public final class ServerIdentity {
  private static final String ALIAS = "tidewal";

  private volatile Certified leaf;

  public ServerIdentity(Certified leaf) {
    this.leaf = leaf;
  }

  public void change(Certified next) {
    leaf = next;
  }

  public X509Certificate certificate() {
    return leaf.certificate();
  }

  /** For servers; sees later changes. */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new Current()}, null, new SecureRandom());
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private final class Current extends X509ExtendedKeyManager {
    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return null;
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return chosen(type);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String type, Principal[] issuers, SSLEngine engine) {
      return chosen(type);
    }

    private @Nullable String chosen(String type) {
      return type.equals(leaf.key().getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {leaf.certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return leaf.key();
    }
  }
}
