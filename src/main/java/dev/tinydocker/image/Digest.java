package dev.tinydocker.image;

import dev.tinydocker.linux.Sha256;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Digests as registries and images spell them: {@code sha256:} and 64 digits. No other algorithm is in use. */
final class Digest {

    private static final Pattern VALID = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final String PREFIX = "sha256:";

    private Digest() {
    }

    static boolean isValid(String digest) {
        return VALID.matcher(digest).matches();
    }

    /** The 64 digits: also the name of the file that has such content. */
    static String hex(String digest) {
        return digest.substring(PREFIX.length());
    }

    static String ofHex(String hex) {
        return PREFIX + hex;
    }

    static String of(byte[] content) {
        return of(sha256(), content);
    }

    private static String of(MessageDigest digest, byte[] content) {
        digest.update(content);
        return of(digest);
    }

    /** What has been put in so far; the digest starts anew. */
    static String of(MessageDigest digest) {
        return PREFIX + HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        return new Sha256();
    }

    /** Twelve digits, as people see them. */
    static String brief(String digest) {
        return hex(digest).substring(0, 12);
    }
}
