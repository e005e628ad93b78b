package dev.tinydocker.web;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What shows that a browser belongs to somebody who may use the engine: who is told it could have given the command
 * that tells it. It is in no file, and good for as long as this engine lives.
 */
final class Token {

    private static final int BYTES = 32;
    private static final String SCHEME = "Bearer ";

    private volatile @Nullable String value;

    /** The token, made when it is asked for the first time. @param anew whether to make another in any case */
    synchronized String make(boolean anew) {
        String made = value;
        if (made == null || anew) {
            byte[] bytes = new byte[BYTES];
            new SecureRandom().nextBytes(bytes);
            made = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            value = made;
        }
        return made;
    }

    /** Whether a header has it; how long the answer takes says nothing about how much of it was right. */
    boolean isIn(@Nullable String authorization) {
        String expected = value;
        return expected != null && authorization != null && MessageDigest.isEqual(
                (SCHEME + expected).getBytes(StandardCharsets.UTF_8), authorization.getBytes(StandardCharsets.UTF_8));
    }
}
