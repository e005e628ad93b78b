package dev.tinydocker.registry;

import com.sun.net.httpserver.HttpServer;
import dev.tinydocker.support.Commands;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Gives tokens that a real registry accepts: to everybody for pulling, to one user for pushing too. */
final class TokenServer implements AutoCloseable {

    static final String SERVICE = "registry-of-a-test";
    static final String ISSUER = "issuer of a test";

    private static final String PASSWORD = "of-a-test";

    private final HttpServer server;
    private final PrivateKey key;
    private final String certificate;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** @param directory a key is made in it, and {@code cert.pem} */
    TokenServer(Path directory) throws IOException, GeneralSecurityException {
        Path store = directory.resolve("key.p12");
        Commands.run(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
                "test", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=test", "-validity", "2", "-keystore",
                store.toString(), "-storepass", PASSWORD);
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        key = (PrivateKey) keys.getKey("test", PASSWORD.toCharArray());
        certificate = Base64.getEncoder().encodeToString(keys.getCertificate("test").getEncoded());
        Files.writeString(directory.resolve("cert.pem"), "-----BEGIN CERTIFICATE-----\n" + certificate.replaceAll(
                "(.{64})", "$1\n") + "\n-----END CERTIFICATE-----\n");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", exchange -> {
            try (exchange) {
                String query = exchange.getRequestURI().getQuery();
                asked.add(query);
                boolean known = new Credential("writer", "secret").basic().equals(exchange.getRequestHeaders()
                        .getFirst("Authorization"));
                byte[] answer = ("{\"token\":\"" + token(query, known) + "\",\"expires_in\":300}")
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        });
        server.start();
    }

    String realm() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    /** The queries, decoded. */
    List<String> asked() {
        return asked;
    }

    /** RFC 7519, signed with RS256; the registry finds the certificate in the header. */
    private String token(String query, boolean known) throws GeneralSecurityException {
        List<String> access = new ArrayList<>();
        for (String parameter : query.split("&")) {
            String[] scope = parameter.replaceFirst("^scope=", "").split(":");
            if (parameter.startsWith("scope=repository:")) {
                String actions = known ? "\"pull\",\"push\"" : "\"pull\"";
                access.add("{\"type\":\"repository\",\"name\":\"" + scope[1] + "\",\"actions\":[" + actions + "]}");
            }
        }
        long now = System.currentTimeMillis() / 1000;
        String text = part("{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"" + certificate + "\"]}") + "."
                + part("{\"iss\":\"" + ISSUER + "\",\"sub\":\"\",\"aud\":\"" + SERVICE + "\",\"jti\":\"1\",\"iat\":"
                        + now + ",\"nbf\":" + (now - 10) + ",\"exp\":" + (now + 300) + ",\"access\":["
                        + String.join(",", access) + "]}");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(text.getBytes(StandardCharsets.US_ASCII));
        return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
