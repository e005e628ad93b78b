package dev.tinydocker.network;

import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;

/** The networks there are: those of every engine, and what users have made of them. */
@Service
public class Networks {

    private static final int ID_BYTES = 32;
    /** With {@link #LINK_DIGITS} of the id, as long as a link's name may be. */
    private static final String LINK_PREFIX = "tiny-";
    private static final int LINK_DIGITS = 10;

    private final NetworkRecord record;
    private final LeaseRecord leases;
    private final NetworkUsers users;
    private final Subnets subnets;
    private final LiveNetworks live;
    private final NetworkThread thread;
    private final SecureRandom random = new SecureRandom();
    /** Kept, since every start asks; an engine is alone with its record. */
    private volatile @Nullable List<Network> known;

    Networks(NetworkRecord record, LeaseRecord leases, NetworkUsers users, Subnets subnets, LiveNetworks live,
            NetworkThread thread) {
        this.record = record;
        this.leases = leases;
        this.users = users;
        this.subnets = subnets;
        this.live = live;
        this.thread = thread;
    }

    /**
     * Makes a network. Its bridge is made when the first container is connected.
     *
     * @throws Conflict where the name or addresses are taken
     */
    public Network create(NewNetwork wish) {
        thread.run(() -> {
            subnets.check(wish);
            byte[] bytes = new byte[ID_BYTES];
            random.nextBytes(bytes);
            String id = HexFormat.of().formatHex(bytes);
            Pool pool = wish.pool() == null && wish.driver().hasLinks() ? subnets.free(wish.name()) : wish.pool();
            Pool6 pool6 = wish.pool6() == null && wish.ipv6() ? subnets.free6() : wish.pool6();
            try {
                record.insert(id, LINK_PREFIX + id.substring(0, LINK_DIGITS), wish, wish.pool() != null, pool, pool6);
            } catch (DuplicateKeyException e) {
                throw new Conflict("create the network '" + wish.name() + "'", "there is one of that name",
                        "remove that one with 'network rm " + wish.name() + "' or choose another name");
            } finally {
                forget();
            }
        });
        return find(wish.name());
    }

    /** All, in the order of their names. */
    public List<Network> list() {
        return record.list();
    }

    /** Whether any container may ever have been connected to one. */
    boolean wereUsed() {
        return list().stream().anyMatch(network -> network.driver().hasLinks() && !network.link().isEmpty());
    }

    /** What containers have of it. */
    public List<Lease> leases(Network network) {
        return leases.leases(network);
    }

    /**
     * Resolves a name, an id, or the unique beginning of an id.
     *
     * @throws NotFound where there is none
     */
    public Network find(String reference) {
        String name = Network.nameOf(reference);
        List<Network> all = known();
        for (Network network : all) {
            if (network.name().equals(name) || network.id().equals(name)) {
                return network;
            }
        }
        List<Network> found = all.stream().filter(network -> network.id().startsWith(reference)).toList();
        if (found.isEmpty() || reference.isEmpty()) {
            throw new NotFound("find the network '" + reference + "'", "there is none with this name or id",
                    "'network ls' lists all there are");
        }
        if (found.size() > 1) {
            throw new InvalidRequest("find the network '" + reference + "'", "more than one id begins with it",
                    "give more digits");
        }
        return found.getFirst();
    }

    /** The same places in networks by their names. @throws InvalidRequest where two are one, or one has no links */
    List<Endpoint> known(List<Endpoint> wishes) {
        List<Endpoint> known = new ArrayList<>();
        for (Endpoint wish : wishes) {
            String what = "connect to the network '" + wish.network() + "'";
            String name = find(wish.network()).name();
            if (!NetworkMode.of(name).isConnected()) {
                throw new InvalidRequest(what, "it is '" + name + "'", "write --network " + name);
            }
            if (known.stream().anyMatch(other -> other.network().equals(name))) {
                throw new InvalidRequest(what, "it is '" + name + "', which is given twice", "leave one out");
            }
            known.add(wish.in(name));
        }
        return known;
    }

    /** Subnets of those that have none yet, or may get another one, may be others by now. */
    private List<Network> known() {
        List<Network> all = known;
        return all == null ? read() : all;
    }

    private synchronized List<Network> read() {
        List<Network> all = record.list();
        known = all;
        return all;
    }

    /** After a change of the record. Who is reading just now may have seen what was before, and is waited for. */
    private synchronized void forget() {
        known = null;
    }

    /**
     * Removes a network, and its bridge if that is still there.
     *
     * @throws Conflict where a running container is connected to it
     */
    public void remove(String reference) {
        Network network = find(reference);
        if (network.isBuiltIn()) {
            throw new Conflict("remove the network '" + network.name() + "'", "it is always there", "");
        }
        leases.leases(network).forEach(lease -> users.awaitEnded(lease.container()));
        thread.run(() -> {
            boolean deleted = record.delete(network);
            forget();
            if (!deleted) {
                List<String> names = leases.leases(network).stream().map(Lease::name).toList();
                throw new Conflict("remove the network '" + network.name() + "'",
                        "it is in use by '" + String.join("', '", names) + "'",
                        "stop these, or 'network disconnect' them");
            }
            live.removed(network);
        });
    }

    /** Removes those that fit and no running container is connected to. @return their names */
    public List<String> prune(Predicate<Network> wanted) {
        List<String> removed = new ArrayList<>();
        for (Network network : list()) {
            if (!network.isBuiltIn() && wanted.test(network)) {
                try {
                    remove(network.id());
                    removed.add(network.name());
                } catch (Conflict | NotFound e) {
                    // Somebody uses it, or has removed it.
                    continue;
                }
            }
        }
        return removed;
    }
}
