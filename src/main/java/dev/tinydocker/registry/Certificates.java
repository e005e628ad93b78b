package dev.tinydocker.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Whom to trust besides those whom Java trusts, registry by registry, and who we are there: {@code HOST:PORT/*.crt} are
 * authorities, {@code *.cert} with {@code *.key} of the same name our own, as Docker has them. Read when a registry is
 * first asked for something; what has changed counts for the next engine.
 */
final class Certificates {

    private static final char[] PASSWORD = new char[0];
    private static final List<String> KEY_KINDS = List.of("RSA", "EC", "EdDSA");

    private final Path directory;
    private final Map<String, SSLSocketFactory> factories = new ConcurrentHashMap<>();

    Certificates(Path directory) {
        this.directory = directory;
    }

    /** Whether there is something for this registry: then it is spoken to in HTTPS, wherever it is. */
    boolean has(String authority) {
        return isName(authority) && Files.isDirectory(directory.resolve(authority));
    }

    /** A registry's answer may lead anywhere, but not to other directories of this host. */
    private static boolean isName(String authority) {
        return authority.matches("[A-Za-z0-9.\\[\\]:_-]+") && !authority.contains("..");
    }

    /**
     * What makes connections to this address; empty where nothing is said of it.
     *
     * @throws SSLException where the files cannot be used
     */
    Optional<SSLSocketFactory> factory(URI uri) throws SSLException {
        String authority = String.valueOf(uri.getHost()) + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
        SSLSocketFactory known = factories.get(authority);
        if (known != null || !has(authority)) {
            return Optional.ofNullable(known);
        }
        try {
            // One for all connections: those to be used again are found by it.
            return Optional.of(factories.merge(authority, read(directory.resolve(authority)), (first, _) -> first));
        } catch (IOException | GeneralSecurityException e) {
            throw new SSLException("'" + directory.resolve(authority) + "' cannot be used: " + e.getMessage(), e);
        }
    }

    private static SSLSocketFactory read(Path files) throws IOException, GeneralSecurityException {
        KeyStore trusted = empty();
        for (X509Certificate shipped : shipped()) {
            trusted.setCertificateEntry("java " + trusted.size(), shipped);
        }
        KeyStore own = empty();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(files, "*.{crt,cert}")) {
            for (Path file : all) {
                List<Certificate> found = certificates(file);
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(".crt")) {
                    for (Certificate authority : found) {
                        trusted.setCertificateEntry(name + " " + trusted.size(), authority);
                    }
                } else {
                    Path key = file.resolveSibling(name.replaceFirst("cert$", "key"));
                    own.setKeyEntry(name, key(key), PASSWORD, found.toArray(Certificate[]::new));
                }
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        return store;
    }

    private static List<X509Certificate> shipped() throws GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init((KeyStore) null);
        List<X509Certificate> all = new ArrayList<>();
        for (TrustManager manager : trust.getTrustManagers()) {
            if (manager instanceof X509TrustManager known) {
                all.addAll(List.of(known.getAcceptedIssuers()));
            }
        }
        return all;
    }

    private static List<Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
        }
    }

    /** A key in PEM, not encrypted: {@code BEGIN PRIVATE KEY}. */
    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        if (!text.contains("BEGIN PRIVATE KEY")) {
            throw new IOException("'" + file + "' is no key of PKCS #8, which begins with BEGIN PRIVATE KEY");
        }
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(
                text.replaceAll("(?s).*-----BEGIN PRIVATE KEY-----|-----END.*", "")));
        for (String kind : KEY_KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // Of the next kind, perhaps.
                continue;
            }
        }
        throw new IOException("'" + file + "' is no key of " + String.join(", ", KEY_KINDS));
    }
}
