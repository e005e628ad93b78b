package dev.tinydocker.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import org.jspecify.annotations.Nullable;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who may ask. A browser of this host is asked by every page it has open to send requests here, so what a page of
 * somebody else's causes is refused: a name for this host that others may have made up (DNS rebinding), an origin that
 * is not ours, a fetch that another site began. Nothing here ever allows an origin, so no other page can read an answer
 * or send a header of ours.
 */
final class Callers {

    private final InetAddress address;
    private final int port;
    private final Set<String> hosts;

    /** @param bound where the server listens */
    Callers(InetSocketAddress bound) {
        this.address = bound.getAddress();
        this.port = bound.getPort();
        this.hosts = new TreeSet<>(Set.of("localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port));
        home().map(home -> URI.create(home).getAuthority()).ifPresent(hosts::add);
    }

    /** The page that a browser of this host finds the dashboard at; none where only other hosts reach it. */
    Optional<String> home() {
        if (address.isAnyLocalAddress()) {
            return Optional.of("http://127.0.0.1:" + port + "/");
        }
        String host = address instanceof Inet6Address ? "[::1]" : address.getHostAddress();
        return address.isLoopbackAddress() ? Optional.of("http://" + host + ":" + port + "/") : Optional.empty();
    }

    /** Why this one is not answered, null where it is. */
    @Nullable Answer refusal(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        List<String> host = headers.getOrDefault("Host", List.of());
        // A whole address in the request's first line would count more than the header; who speaks to us sends a path.
        boolean ours = host.size() == 1 && hosts.contains(host.getFirst().toLowerCase(Locale.ROOT))
                && exchange.getRequestURI().getHost() == null;
        boolean metrics = MetricsPage.PATHS.contains(exchange.getRequestURI().getPath());
        // Metrics that are served to other hosts on purpose are asked for by names that only those know.
        if (!ours && !(metrics && !address.isLoopbackAddress())) {
            return Answer.text(Answer.MISDIRECTED, "this is served as " + String.join(", ", hosts) + " only");
        }
        if (!metrics && !exchange.getRemoteAddress().getAddress().isLoopbackAddress()) {
            return Answer.text(Answer.FORBIDDEN, "the dashboard is for this host; go to it with ssh -L " + port
                    + ":127.0.0.1:" + port);
        }
        return isForeign(headers, ours ? host.getFirst() : "") ? Answer.text(Answer.FORBIDDEN,
                "pages of others may not ask") : null;
    }

    /** Programs send none of these; browsers send the second with everything that a page causes. */
    private static boolean isForeign(Headers headers, String host) {
        for (String origin : headers.getOrDefault("Origin", List.of())) {
            if (!origin.equalsIgnoreCase("http://" + host)) {
                return true;
            }
        }
        String site = headers.getFirst("Sec-Fetch-Site");
        boolean followed = "navigate".equals(headers.getFirst("Sec-Fetch-Mode"))
                && "document".equals(headers.getFirst("Sec-Fetch-Dest"));
        return site != null && !site.equals("same-origin") && !site.equals("none") && !followed;
    }
}
