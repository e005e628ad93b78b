package dev.tinydocker.image;

import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What an image is called, in full: a registry, a path in it, and a tag or a digest or both.
 *
 * @param registry host and perhaps port; empty for a name that is known here only
 * @param path as in {@code library/alpine}
 * @param tag null where none was given and a digest was
 * @param digest {@code sha256:} and 64 digits; null for none
 */
public record Reference(String registry, String path, @Nullable String tag, @Nullable String digest) {

    static final String LATEST = "latest";

    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern PATH = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*");
    private static final Pattern REGISTRY = Pattern
            .compile("(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?");
    private static final Pattern TAG = Pattern.compile("\\w[\\w.-]{0,127}");
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");
    private static final int LONGEST_NAME = 255;

    /**
     * Reads a reference as people write it: {@code alpine}, {@code alpine:3.22}, {@code host:5000/team/app@sha256:…}.
     * A name without a registry is the default registry's; the tag is {@code latest} where neither tag nor digest is
     * given.
     *
     * @param defaultRegistry {@code HOST}, or {@code HOST/NAMESPACE} where names of one word are in that namespace;
     *     empty for none
     * @throws InvalidRequest where it is no reference
     */
    public static Reference parse(String word, String defaultRegistry) {
        String name = word;
        String digest = null;
        int at = name.indexOf('@');
        if (at >= 0) {
            digest = name.substring(at + 1);
            name = name.substring(0, at);
            checkDigest(word, digest);
        }
        String tag = null;
        int colon = name.lastIndexOf(':');
        if (colon > name.lastIndexOf('/')) {
            tag = name.substring(colon + 1);
            name = name.substring(0, colon);
            if (!TAG.matcher(tag).matches()) {
                throw bad(word, "'" + tag + "' is no tag", "letters, digits, '_', '.' and '-', 128 at most");
            }
        }
        String tagged = tag == null && digest == null ? LATEST : tag;
        String first = registry(name);
        String path = first.isEmpty() ? name : name.substring(first.length() + 1);
        checkPath(word, path);
        if (first.isEmpty()) {
            return inDefault(path, tagged, digest, defaultRegistry);
        }
        if (!REGISTRY.matcher(first).matches()) {
            throw bad(word, "'" + first + "' is no registry", "a host and perhaps a port, as in localhost:5000");
        }
        return new Reference(first, path, tagged, digest);
    }

    /** The first component where it is a registry: it has a dot, a port, or is this host; else empty. */
    private static String registry(String name) {
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        boolean host = first.contains(".") || first.contains(":") || first.equals("localhost")
                || !first.equals(first.toLowerCase(Locale.ROOT));
        return host ? first : "";
    }

    private static Reference inDefault(String path, @Nullable String tag, @Nullable String digest,
            String defaultRegistry) {
        int slash = defaultRegistry.indexOf('/');
        if (slash < 0) {
            return new Reference(defaultRegistry, path, tag, digest);
        }
        String namespace = path.contains("/") ? "" : defaultRegistry.substring(slash + 1) + "/";
        return new Reference(defaultRegistry.substring(0, slash), namespace + path, tag, digest);
    }

    private static void checkPath(String word, String path) {
        if (path.isEmpty()) {
            throw bad(word, "the name is missing", "write NAME, NAME:TAG or REGISTRY/NAME:TAG");
        }
        if (path.length() > LONGEST_NAME) {
            throw bad(word, "the name has more than " + LONGEST_NAME + " characters", "give it a shorter one");
        }
        if (!path.equals(path.toLowerCase(Locale.ROOT))) {
            throw bad(word, "the name has capitals", "write '" + path.toLowerCase(Locale.ROOT) + "'");
        }
        if (!PATH.matcher(path).matches()) {
            throw bad(word, "'" + path + "' is no name of an image",
                    "small letters and digits, with '.', '_', '-' and '/' between them");
        }
        if (DIGITS.matcher(path).matches()) {
            throw bad(word, "64 digits are an id and no name", "give it another name");
        }
    }

    private static void checkDigest(String word, String digest) {
        if (!Digest.isValid(digest)) {
            throw bad(word, "'" + digest + "' is no digest", "write sha256: and 64 digits after the '@'");
        }
    }

    private static InvalidRequest bad(String word, String why, String hint) {
        return new InvalidRequest("read the reference '" + word + "'", why, hint);
    }

    /**
     * The same, as a name that is given to an image.
     *
     * @param what the deed and its object, for the error
     * @throws InvalidRequest where it has a digest, which is what an image is and not what it is called
     */
    public Reference given(String what) {
        if (digest != null) {
            throw new InvalidRequest(what, "a digest cannot be given", "leave out what follows the '@'");
        }
        return this;
    }

    /** Registry and path, as they are kept. */
    public String repository() {
        return registry.isEmpty() ? path : registry + "/" + path;
    }

    /** In full. */
    @Override
    public String toString() {
        return repository() + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }

    /** As people write it: without the default registry. */
    public String familiar(String defaultRegistry) {
        return familiar(repository(), defaultRegistry) + (tag == null ? "" : ":" + tag)
                + (digest == null ? "" : "@" + digest);
    }

    /** The same name with what else a registry calls it by: a digest takes the place of a tag. */
    String tagOrDigest() {
        return digest != null ? digest : tag == null ? LATEST : tag;
    }

    /** A repository as people write it. */
    static String familiar(String repository, String defaultRegistry) {
        if (defaultRegistry.isEmpty()) {
            return repository;
        }
        String inNamespace = defaultRegistry + "/";
        if (repository.startsWith(inNamespace) && repository.indexOf('/', inNamespace.length()) < 0) {
            return repository.substring(inNamespace.length());
        }
        String host = defaultRegistry.replaceFirst("/.*", "") + "/";
        String path = repository.startsWith(host) ? repository.substring(host.length()) : "";
        // A path of one word would be read as one in the namespace, and one that begins as a host does as that host's.
        boolean other = path.isEmpty() || defaultRegistry.contains("/") && !path.contains("/")
                || !registry(path).isEmpty();
        return other ? repository : path;
    }
}
