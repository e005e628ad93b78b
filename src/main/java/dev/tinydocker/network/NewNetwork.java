package dev.tinydocker.network;

import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A network that a user wishes for.
 *
 * @param pool null leaves the choice to the engine
 * @param pool6 the same for IPv6
 * @param ipv6 whether there is to be IPv6 at all
 * @param options {@code -o}, by their short names
 */
public record NewNetwork(String name, Driver driver, @Nullable Pool pool, @Nullable Pool6 pool6, boolean ipv6,
        boolean internal, Map<String, String> options, Map<String, String> labels) {

    static final String MTU = "mtu";
    static final String PARENT = "parent";
    static final String MODE = "macvlan_mode";

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");
    private static final Set<String> RESERVED = Set.of(Network.DEFAULT, "bridge", "default", "host", "none");
    private static final int LEAST_MTU = 68;
    private static final int LEAST_MTU6 = 1280;
    private static final int MOST_MTU = 65535;

    /** @throws InvalidRequest where no network can be like that */
    public NewNetwork {
        if (!NAME.matcher(name).matches()) {
            throw refused(name, "that is no name for one", "use letters, digits, '_', '.' and '-', a letter or digit "
                    + "first");
        }
        if (RESERVED.contains(name)) {
            throw refused(name, "the name has a meaning already", "choose another name");
        }
        if (!driver.hasLinks() && (pool != null || pool6 != null || ipv6)) {
            throw refused(name, "the driver 'none' has no addresses", "leave --subnet and --ipv6 out");
        }
        if (pool != null && !Pool.isOfHosts(pool.subnet()) || pool6 != null && !pool6.isOfHosts()) {
            throw refused(name, "its subnet has addresses that no host can have for others",
                    "choose one as 10.7.0.0/24 or fd00:7::/64");
        }
        for (String option : options.keySet()) {
            if (!option.equals(MTU) && !(driver == Driver.MACVLAN && (option.equals(PARENT) || option.equals(MODE)))) {
                throw refused(name, "the driver '" + driver.word() + "' has no option '" + option + "'",
                        driver == Driver.MACVLAN ? "there are parent, macvlan_mode and mtu" : "there is mtu");
            }
        }
        if (driver == Driver.MACVLAN && !options.containsKey(PARENT)) {
            throw refused(name, "it is on no link of this host", "name one with -o parent=LINK");
        }
        mode(name, options);
        mtu(name, options, ipv6 ? LEAST_MTU6 : LEAST_MTU);
    }

    private static void mtu(String name, Map<String, String> options, int least) {
        String mtu = options.get(MTU);
        if (mtu != null && (!mtu.matches("\\d{1,5}") || Integer.parseInt(mtu) < least
                || Integer.parseInt(mtu) > MOST_MTU)) {
            throw refused(name, "packets of '" + mtu + "' bytes cannot be",
                    "give mtu=BYTES, " + least + " to " + MOST_MTU);
        }
    }

    private static int mode(String name, Map<String, String> options) {
        return switch (options.getOrDefault(MODE, "bridge")) {
            case "private" -> 1;
            case "vepa" -> 2;
            case "bridge" -> 4;
            case "passthru" -> 8;
            default -> throw refused(name, "there is no macvlan_mode '" + options.get(MODE) + "'",
                    "there are bridge, private, vepa and passthru");
        };
    }

    /** A macvlan's mode, as the kernel numbers it. */
    static int mode(Network network) {
        return mode(network.name(), network.options());
    }

    static InvalidRequest refused(String name, String why, String hint) {
        return new InvalidRequest("create the network '" + name + "'", why, hint);
    }
}
