package dev.tinydocker.registry;

import java.net.URI;
import java.util.Locale;

/**
 * Where a registry or its mirror answers.
 *
 * @param account the name its credentials are kept under; nobody else's are ever sent there
 * @param base without a slash at the end
 * @param mirror whether it only repeats what the registry has
 */
record Endpoint(String account, URI base, boolean mirror) {

    /** An address below {@code /v2/}. */
    URI at(String path) {
        return URI.create(base + "/v2/" + path);
    }

    URI blob(Repository repository, String digest) {
        return at(repository.path() + "/blobs/" + digest);
    }

    URI manifest(Repository repository, String reference) {
        return at(repository.path() + "/manifests/" + reference);
    }

    /** The host and port people know it by. */
    String name() {
        return base.getAuthority();
    }

    /** Whether two addresses have the scheme, the host and the port in common: what one may know the other may. */
    static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme()) && one.getHost() != null && other.getHost() != null
                && one.getHost().equalsIgnoreCase(other.getHost()) && port(one) == port(other);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return uri.getScheme().toLowerCase(Locale.ROOT).equals("https") ? 443 : 80;
    }
}
