package dev.tinydocker.network.names;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Asks others for what is not known here: one server after the other, until one knows. */
final class Forwarder {

    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);

    /** Both together are less than the 5 s after which a C library asks again. */
    private static final Duration ONE = Duration.ofMillis(1500);
    private static final Duration ALL = Duration.ofMillis(4500);
    private static final int ROUNDS = 2;
    /** How long one that did not answer comes last. */
    private static final Duration DISTRUST = Duration.ofSeconds(30);
    private static final int MOST_DISTRUSTED = 100;

    /** What one server cannot say another one perhaps can. */
    private static final Set<Integer> ASK_THE_NEXT = Set.of(Rcode.SERVFAIL, Rcode.REFUSED, Rcode.NOTIMP, Rcode.FORMERR);

    private final HostServers host;
    private final Duration one;
    private final Duration all;
    private final AnswerCache cache = new AnswerCache(() -> System.nanoTime() / 1_000_000_000);
    private final Map<InetSocketAddress, Long> silent = new ConcurrentHashMap<>();

    Forwarder(HostServers host) {
        this(host, ONE, ALL);
    }

    /** @param one how long to wait for one server; @param all and for all of them */
    Forwarder(HostServers host, Duration one, Duration all) {
        this.host = host;
        this.one = one;
        this.all = all;
    }

    /** The answer to a question; SERVFAIL where there is none. */
    Message ask(Asker asker, Message query) {
        List<InetSocketAddress> servers = asker.servers().isEmpty() ? host.list() : asker.servers();
        AnswerCache.Key key = AnswerCache.Key.of(servers, query);
        Message answer = cache.find(key).orElse(null);
        if (answer == null) {
            answer = ask(servers, Messages.query(query));
            cache.keep(key, answer);
        }
        return Messages.answer(query, answer);
    }

    private Message ask(List<InetSocketAddress> servers, Message query) {
        long until = System.nanoTime() + all.toNanos();
        Message last = Messages.answer(query, Rcode.SERVFAIL);
        boolean answered = false;
        for (int round = 0; round < ROUNDS && !answered; round++) {
            for (InetSocketAddress server : trusted(servers)) {
                Duration left = Duration.ofNanos(until - System.nanoTime());
                if (!left.isPositive()) {
                    return last;
                }
                try {
                    last = Exchange.ask(server, query, left.compareTo(one) < 0 ? left : one);
                    silent.remove(server);
                    answered = true;
                    if (!ASK_THE_NEXT.contains(last.getRcode())) {
                        return last;
                    }
                } catch (IOException e) {
                    LOG.debug("{} does not say what {} is: {}", server, query.getQuestion(), e.getMessage());
                    if (silent.size() < MOST_DISTRUSTED) {
                        silent.put(server, System.nanoTime());
                    }
                }
            }
        }
        return last;
    }

    /** In their order, but those that did not answer lately come last. */
    private List<InetSocketAddress> trusted(List<InetSocketAddress> servers) {
        silent.values().removeIf(since -> System.nanoTime() - since > DISTRUST.toNanos());
        return servers.stream().sorted(Comparator.comparing(silent::containsKey)).toList();
    }
}
