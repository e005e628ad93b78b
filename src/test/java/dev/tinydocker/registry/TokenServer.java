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
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Gives tokens that a real registry accepts: to everybody for pulling, to one user for pushing too. */
final class TokenServer implements AutoCloseable {

    static final String SERVICE = "registry-of-a-test";
    static final String ISSUER = "issuer of a test";

    private final HttpServer server;
    private final PrivateKey key;
    private final String certificate;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** @param directory a key and {@code cert.pem} are made in it */
    TokenServer(Path directory) throws IOException, GeneralSecurityException {
        Path pem = directory.resolve("key.pem");
        Commands.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test",
                "-keyout", pem.toString(), "-out", directory.resolve("cert.pem").toString());
        key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder()
                .decode(body(pem))));
        certificate = body(directory.resolve("cert.pem"));
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

    private static String body(Path pem) throws IOException {
        return Files.readString(pem).replaceAll("-----[A-Z ]+-----|\\s", "");
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
