package dev.tinydocker.shell;

import dev.tinydocker.network.Endpoint;
import dev.tinydocker.network.NameWish;
import dev.tinydocker.network.NetworkMode;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.network.PortParser;
import dev.tinydocker.network.PublishedPort;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reads what one {@code run} is asked of networks. */
final class NetworkReader {

    private final Invocation invocation;
    private final String usual;
    private final Faults faults;

    private NetworkReader(Invocation invocation, String usual, Faults faults) {
        this.invocation = invocation;
        this.usual = usual;
        this.faults = faults;
    }

    /**
     * Reads it.
     *
     * @param usual the network of who names none
     * @param faults told what is wrong
     */
    static NetworkWish read(Invocation invocation, String usual, Faults faults) {
        return new NetworkReader(invocation, usual, faults).wish();
    }

    private NetworkWish wish() {
        List<Endpoint> endpoints = endpoints();
        NetworkMode mode = NetworkMode.of(endpoints.getFirst().network());
        List<PublishedPort> ports = new ArrayList<>();
        each(RunOptions.PUBLISH, PortParser::publish, ports::addAll);
        List<PublishedPort> exposed = new ArrayList<>();
        each(RunOptions.EXPOSE, PortParser::expose, exposed::addAll);
        boolean all = invocation.flag(RunOptions.PUBLISH_ALL);
        if (mode == NetworkMode.CONTAINER) {
            refuseWithAnothers(endpoints.getFirst());
        } else if (mode == NetworkMode.HOST && (all || !ports.isEmpty())) {
            invocation.err().println("no port is published: with the host's network the container's ports are the host's");
            return wish(mode, List.of(), exposed, false, endpoints);
        } else if (!mode.isConnected() && (all || !ports.isEmpty())) {
            faults.add(ports.isEmpty() ? "--publish-all" : "--publish",
                    String.join(" ", invocation.values(RunOptions.PUBLISH)), "the container is connected to nothing",
                    "add --net isolated");
        }
        return wish(mode, ports, exposed, all, endpoints);
    }

    private NetworkWish wish(NetworkMode mode, List<PublishedPort> ports, List<PublishedPort> exposed, boolean all,
            List<Endpoint> endpoints) {
        List<String> servers = new ArrayList<>();
        each(RunOptions.DNS, NameWish::server, servers::add);
        List<String> search = new ArrayList<>();
        each(RunOptions.DNS_SEARCH, NameWish::domain, search::add);
        List<String> options = new ArrayList<>();
        each(RunOptions.DNS_OPTION, NameWish::option, options::add);
        List<NameWish.Host> hosts = new ArrayList<>();
        each(RunOptions.ADD_HOST, NameWish.Host::parse, hosts::add);
        return new NetworkWish(mode, ports, exposed, all, new NameWish(servers, search, options, hosts),
                mode.isConnected() || mode == NetworkMode.CONTAINER ? endpoints : List.of());
    }

    /** What is the other container's to ask for. */
    private void refuseWithAnothers(Endpoint endpoint) {
        if (NetworkMode.container(endpoint.network()).isEmpty()) {
            faults.add("--network", endpoint.network(), "it names no container", "write container:NAME");
        }
        for (OptionSpec option : List.of(RunOptions.PUBLISH, RunOptions.EXPOSE, RunOptions.HOSTNAME, RunOptions.DNS,
                RunOptions.DNS_SEARCH, RunOptions.DNS_OPTION, RunOptions.ADD_HOST)) {
            if (!invocation.values(option).isEmpty()) {
                refuseWithAnothers(option, String.join(" ", invocation.values(option)));
            }
        }
        if (invocation.flag(RunOptions.PUBLISH_ALL)) {
            refuseWithAnothers(RunOptions.PUBLISH_ALL, "");
        }
    }

    private void refuseWithAnothers(OptionSpec option, String words) {
        faults.add("--" + option.name(), words, "the network is another container's",
                "leave it out, and give it to that one");
    }

    /** One at least. What is asked of a place in a network is asked of the first. */
    private List<Endpoint> endpoints() {
        List<Endpoint> endpoints = new ArrayList<>();
        each(RunOptions.NETWORK, Endpoint::parse, endpoint -> {
            if (endpoints.stream().anyMatch(other -> other.network().equals(endpoint.network()))) {
                faults.add("--network", endpoint.network(), "it is given twice", "leave one out");
            } else {
                endpoints.add(endpoint);
            }
        });
        if (endpoints.isEmpty()) {
            endpoints.add(Endpoint.of(usual));
        }
        for (Endpoint endpoint : endpoints) {
            if (endpoints.size() > 1 && !NetworkMode.of(endpoint.network()).isConnected()) {
                faults.add("--network", endpoint.network(), "it goes with no other network", "leave one out");
            }
        }
        endpoints.set(0, asked(endpoints.getFirst()));
        if (!endpoints.getFirst().isPlain() && !NetworkMode.of(endpoints.getFirst().network()).isConnected()) {
            faults.add("--network", endpoints.getFirst().network(), "nothing can be asked of a place in it",
                    "name a network that was created");
        }
        return endpoints;
    }

    private Endpoint asked(Endpoint plain) {
        List<Endpoint> asked = new ArrayList<>(List.of(plain));
        each(RunOptions.IP, Endpoint::ipv4, address -> asked.add(asked.getLast().with(address)));
        each(RunOptions.IP6, Endpoint::ipv6, address -> asked.add(asked.getLast().with(address)));
        each(RunOptions.MAC_ADDRESS, Endpoint::mac, mac -> asked.add(asked.getLast().with(mac)));
        each(RunOptions.NETWORK_ALIAS, Endpoint::alias, alias -> asked.add(asked.getLast().with(List.of(alias))));
        return asked.getLast();
    }

    private <T> void each(OptionSpec option, Function<String, T> parser, Consumer<T> taker) {
        for (String word : invocation.values(option)) {
            faults.read(() -> {
                taker.accept(parser.apply(word));
                return true;
            }, false);
        }
    }
}
