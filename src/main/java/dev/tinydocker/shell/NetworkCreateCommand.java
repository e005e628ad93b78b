package dev.tinydocker.shell;

import dev.tinydocker.network.Driver;
import dev.tinydocker.network.NetworkParser;
import dev.tinydocker.network.Networks;
import dev.tinydocker.network.NewNetwork;
import org.springframework.stereotype.Component;

/** {@code network create}: makes a network for containers to be connected to. */
@Component
final class NetworkCreateCommand extends ShellCommand {

    private static final OptionSpec DRIVER = OptionSpec.value('d', "driver", "bridge|macvlan|none",
            "what joins its containers").offering(Candidates.NETWORK_DRIVER);
    private static final OptionSpec SUBNET = OptionSpec.value("subnet", "ADDRESS/BITS",
            "its addresses, as in 10.7.0.0/24; once for IPv4, once for IPv6");
    private static final OptionSpec GATEWAY = OptionSpec.value("gateway", "ADDRESS",
            "the way to everywhere else, the first address as a rule");
    private static final OptionSpec IP_RANGE = OptionSpec.value("ip-range", "ADDRESS/BITS",
            "what of the subnet containers are given");
    private static final OptionSpec INTERNAL = OptionSpec.flag("internal", "let nothing in or out");
    private static final OptionSpec IPV6 = OptionSpec.flag("ipv6", "give IPv6 addresses too");
    private static final OptionSpec OPTION = OptionSpec.value('o', "opt", "KEY=VALUE",
            "mtu=BYTES; for macvlan parent=LINK, macvlan_mode=bridge");
    private static final OptionSpec LABEL = OptionSpec.value("label", "NAME[=VALUE]", "a note to find it by");
    private static final OptionSpec ATTACHABLE = OptionSpec.flag("attachable", "as without: every network is");

    private final Networks networks;

    NetworkCreateCommand(Networks networks) {
        super(Usage.of(Usage.NETWORKS, "network create", "Create a network").takes(1, 1, "NAME", Candidates.NOTHING)
                .options(DRIVER, SUBNET, GATEWAY, IP_RANGE, INTERNAL, IPV6, OPTION, LABEL, ATTACHABLE)
                .example("network create --subnet 10.7.0.0/24 back"));
        this.networks = networks;
    }

    @Override
    int execute(Invocation invocation) {
        NetworkParser parser = new NetworkParser(invocation.argument(0),
                invocation.value(DRIVER).map(Driver::parse).orElse(Driver.BRIDGE));
        invocation.values(SUBNET).forEach(parser::subnet);
        invocation.values(GATEWAY).forEach(parser::gateway);
        invocation.values(IP_RANGE).forEach(parser::range);
        invocation.values(OPTION).forEach(parser::option);
        invocation.values(LABEL).forEach(parser::label);
        NewNetwork wish = parser.wish(invocation.flag(INTERNAL), invocation.flag(IPV6));
        invocation.out().println(networks.create(wish).id());
        return 0;
    }
}
