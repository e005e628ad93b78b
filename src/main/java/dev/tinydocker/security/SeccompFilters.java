package dev.tinydocker.security;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.linux.SeccompFilter;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.store.Layout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Filters of system calls, each made once for a profile and a set of capabilities: 25 ms for the first container that
 * wants it, nothing for the next ones, a tenth of a millisecond for the first one of the next engine.
 */
@Component
class SeccompFilters {

    private static final Logger LOG = LoggerFactory.getLogger(SeccompFilters.class);
    private static final int SPEC_ALLOW = SeccompProfile.Flag.SECCOMP_FILTER_FLAG_SPEC_ALLOW.number();
    private static final String GIVEN = "the profile";
    private static final int DIGEST = 32;
    /** Changes with what this program makes of a profile. */
    private static final String MAKER = "4";

    private final Layout layout;
    private final String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    private final String kernel = System.getProperty("os.version");
    private final Map<Wish, byte[]> made = new ConcurrentHashMap<>();
    private final Map<String, Integer> flags = new ConcurrentHashMap<>();

    SeccompFilters(Layout layout) {
        this.layout = layout;
    }

    /** @param profile empty for the built-in one */
    private record Wish(String profile, Set<Capability> capabilities) {
    }

    /**
     * The instructions that seccomp(2) takes. Nobody writes to the array.
     *
     * @param profile a profile's text; empty for the built-in one
     */
    byte[] filter(String profile, Set<Capability> capabilities) {
        Wish wish = new Wish(profile, Set.copyOf(capabilities));
        byte[] there = made.get(wish);
        return there != null ? there : made.computeIfAbsent(wish, this::make);
    }

    /** What they are loaded with. @param profile as above */
    int flags(String profile) {
        return profile.isEmpty() ? SPEC_ALLOW
                : flags.computeIfAbsent(profile, text -> SeccompProfile.parse(GIVEN, text).kernelFlags());
    }

    private byte[] make(Wish wish) {
        try {
            boolean builtin = wish.profile().isEmpty();
            String name = builtin ? layout.seccompProfile().toString() : GIVEN;
            String text = builtin ? Files.readString(layout.seccompProfile()) : wish.profile();
            String key = String.join("\n", MAKER, SeccompFilter.isThere() ? SeccompFilter.version() : "", architecture,
                    kernel, Long.toHexString(Capability.mask(wish.capabilities())), text);
            Path file = layout.seccompFilter(HexFormat.of().formatHex(digest(key.getBytes(StandardCharsets.UTF_8))));
            byte[] kept = kept(file);
            if (kept.length > 0) {
                return kept;
            }
            byte[] filter = new SeccompCompiler(wish.capabilities(), architecture, kernel)
                    .compile(SeccompProfile.parse(name, text));
            keep(file, filter);
            return filter;
        } catch (IOException e) {
            throw new SystemFailure("read the profile of system calls '" + layout.seccompProfile() + "'",
                    FileFailures.reason(e), "it comes with the program", e);
        }
    }

    /** What an earlier engine has made; empty where there is nothing, or not the whole of it. */
    private static byte[] kept(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            byte[] filter = bytes.length < DIGEST ? new byte[0] : Arrays.copyOfRange(bytes, DIGEST, bytes.length);
            boolean whole = bytes.length > DIGEST && Arrays.equals(digest(filter), Arrays.copyOf(bytes, DIGEST));
            return whole ? filter : new byte[0];
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private static void keep(Path file, byte[] filter) {
        try {
            Files.createDirectories(file.getParent());
            Path partial = Files.createTempFile(file.getParent(), ".", "");
            try {
                byte[] bytes = Arrays.copyOf(digest(filter), DIGEST + filter.length);
                System.arraycopy(filter, 0, bytes, DIGEST, filter.length);
                Files.write(partial, bytes);
                Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (IOException e) {
            LOG.warn("cannot keep the filter {}; the next engine makes it anew", file, e);
        }
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
