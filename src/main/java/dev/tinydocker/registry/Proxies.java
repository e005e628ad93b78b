package dev.tinydocker.registry;

import dev.tinydocker.problem.InvalidRequest;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Through whom other hosts are asked: as configured, or as the engine's environment says in {@code HTTP_PROXY}, {@code
 * HTTPS_PROXY} and {@code NO_PROXY}, in capitals or not. This host's loopback addresses are never asked through
 * anybody.
 */
final class Proxies {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[?::1]?");
    private static final Pattern PARTS = Pattern.compile("[\\s,]+");

    private final String http;
    private final String https;
    private final String[] none;

    /**
     * @param http as in {@code http://proxy.example:3128}; so is {@code https}; where all are empty, the environment's
     */
    Proxies(String http, String https, String none, Map<String, String> environment) {
        this.http = first(http, environment, "HTTP_PROXY");
        this.https = first(https, environment, "HTTPS_PROXY");
        this.none = PARTS.split(first(none, environment, "NO_PROXY").strip().toLowerCase(Locale.ROOT));
    }

    private static String first(String configured, Map<String, String> environment, String variable) {
        return !configured.isEmpty() ? configured
                : environment.getOrDefault(variable, environment.getOrDefault(variable.toLowerCase(Locale.ROOT), ""));
    }

    Proxy of(URI uri) {
        String proxy = "https".equalsIgnoreCase(uri.getScheme()) ? https : http;
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        return proxy.isEmpty() || LOOPBACK.matcher(host).matches() || isExempt(host, uri.getPort()) ? Proxy.NO_PROXY
                : parse(proxy);
    }

    /** {@code example.com} is that host and all below it, {@code .example.com} only those below it, {@code *} all. */
    private boolean isExempt(String host, int port) {
        for (String part : none) {
            String name = part.replaceFirst("^\\*\\.", ".").replaceFirst(":" + port + "$", "");
            if (part.equals("*") || !name.isEmpty() && (host.equals(name)
                    || host.endsWith(name.startsWith(".") ? name : "." + name))) {
                return true;
            }
        }
        return false;
    }

    private static Proxy parse(String word) {
        try {
            URI uri = URI.create(word.contains("://") ? word : "http://" + word);
            if ("http".equals(uri.getScheme()) && uri.getHost() != null && uri.getUserInfo() == null) {
                return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(uri.getHost(),
                        uri.getPort() < 0 ? 80 : uri.getPort()));
            }
        } catch (IllegalArgumentException e) {
            // Said below, as what is no address for other reasons.
        }
        throw new InvalidRequest("use the proxy '" + word.replaceFirst("//[^/@]*@", "//…@") + "'",
                "it is not of the form http://HOST:PORT", "see tiny.proxy.http in config/application.yml");
    }
}
