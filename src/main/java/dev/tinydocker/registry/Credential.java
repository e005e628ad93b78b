package dev.tinydocker.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What convinces a registry.
 *
 * @param user empty where an identity token stands for both
 * @param secret a password, or the identity token
 */
record Credential(String user, String secret) {

    /** The user name by which credential helpers mark an identity token. */
    private static final String TOKEN = "<token>";

    static Credential of(String user, String secret) {
        return new Credential(user.equals(TOKEN) ? "" : user, secret);
    }

    boolean isIdentityToken() {
        return user.isEmpty();
    }

    String basic() {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    /** Without the secret: whatever prints this must not give it away. */
    @Override
    public String toString() {
        return "Credential[" + user + "]";
    }
}
