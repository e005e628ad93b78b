package dev.tinydocker.image;

import dev.tinydocker.problem.InvalidRequest;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an image runs on, in the words of its makers.
 *
 * @param variant of the architecture, as in {@code v7}; empty for the only or the usual one
 */
public record Platform(String os, String architecture, String variant) {

    private static final Pattern WORD = Pattern.compile("[a-z0-9_.-]+");
    private static final Map<String, String> ARCHITECTURES = Map.of("x86_64", "amd64", "x86-64", "amd64", "aarch64",
            "arm64", "i386", "386", "i686", "386", "armhf", "arm", "armel", "arm");
    private static final List<String> ARM = List.of("v8", "v7", "v6", "v5");

    /** Usual variants are left out, so that platforms can be compared. */
    public Platform {
        architecture = ARCHITECTURES.getOrDefault(architecture, architecture);
        variant = architecture.equals("arm64") && (variant.equals("v8") || variant.equals("8"))
                || architecture.equals("amd64") && variant.equals("v1") ? "" : variant;
    }

    /**
     * Reads {@code linux/arm64}, {@code linux/arm/v7} or {@code arm64}.
     *
     * @throws InvalidRequest where it is none
     */
    public static Platform parse(String word) {
        String[] parts = word.toLowerCase(Locale.ROOT).split("/", -1);
        boolean words = List.of(parts).stream().allMatch(part -> WORD.matcher(part).matches());
        if (!words || parts.length > 3) {
            throw new InvalidRequest("read the platform '" + word + "'", "it is not OS/ARCHITECTURE/VARIANT",
                    "write it as in linux/arm64 or linux/arm/v7");
        }
        if (parts.length == 1) {
            return parts[0].equals("linux") ? host() : new Platform("linux", parts[0], "");
        }
        return new Platform(parts[0], parts[1], parts.length == 3 ? parts[2] : "");
    }

    /** This machine. */
    public static Platform host() {
        return new Platform("linux", System.getProperty("os.arch"), "");
    }

    /** Whether images for this one are for the other as well. */
    boolean isFor(Platform wanted) {
        return rank(wanted).isPresent();
    }

    /** How well this fits the one that is wanted, 0 the best; empty where it does not at all. */
    Optional<Integer> rank(Platform wanted) {
        if (!os.equals(wanted.os) || !architecture.equals(wanted.architecture)) {
            return Optional.empty();
        }
        if (variant.equals(wanted.variant)) {
            return Optional.of(0);
        }
        if (architecture.equals("arm")) {
            int here = ARM.indexOf(variant.isEmpty() ? "v7" : variant);
            int there = ARM.indexOf(wanted.variant.isEmpty() ? "v7" : wanted.variant);
            return here >= there && there >= 0 ? Optional.of(here - there) : Optional.empty();
        }
        return variant.isEmpty() || wanted.variant.isEmpty() ? Optional.of(ARM.size()) : Optional.empty();
    }

    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
