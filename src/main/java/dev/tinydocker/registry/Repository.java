package dev.tinydocker.registry;

import dev.tinydocker.problem.InvalidRequest;

import java.util.regex.Pattern;

/**
 * A repository of a registry. Both go into addresses, so both are checked.
 *
 * @param registry its host name or address, with a port where it has one of its own, as in {@code localhost:5000}
 * @param path as in {@code library/alpine}
 */
public record Repository(String registry, String path) {

    private static final Pattern REGISTRY = Pattern.compile(
            "(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");
    private static final Pattern PATH = Pattern.compile(
            "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");
    private static final int LONGEST_PATH = 255;

    public Repository {
        checkRegistry(registry);
        if (path.length() > LONGEST_PATH || !PATH.matcher(path).matches()) {
            throw new InvalidRequest("use the repository '" + path + "'", "it is not the name of one",
                    "lower-case letters, digits and single separators, as in team/web");
        }
    }

    static void checkRegistry(String registry) {
        if (!REGISTRY.matcher(registry).matches()) {
            throw new InvalidRequest("use the registry '" + registry + "'", "it is not the name of one",
                    "a host name and perhaps a port, as in localhost:5000");
        }
    }

    /** As users write it: {@code localhost:5000/team/web}. */
    @Override
    public String toString() {
        return registry + "/" + path;
    }

    /** With a tag or a digest, as users write it. */
    String with(String tagOrDigest) {
        return this + (tagOrDigest.contains(":") ? "@" : ":") + tagOrDigest;
    }
}
