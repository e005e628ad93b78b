package dev.tinydocker.registry;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** What content is named by: the algorithm, a colon, hexadecimal digits. */
final class Digests {

    private static final Pattern KNOWN = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");
    private static final int SHOWN = 12;

    private Digests() {
    }

    static boolean known(String digest) {
        return KNOWN.matcher(digest).matches();
    }

    /** Computed by the algorithm of another digest, or SHA-256. */
    static String of(String like, byte[] bytes) {
        String algorithm = like.startsWith("sha512:") ? "sha512" : "sha256";
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm.equals("sha512") ? "SHA-512" : "SHA-256");
            return algorithm + ":" + HexFormat.of().formatHex(digest.digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    /** As far as people read it. */
    static String shortened(String digest) {
        int end = digest.indexOf(':') + 1 + SHOWN;
        return digest.length() > end ? digest.substring(0, end) : digest;
    }
}
