package dev.tinydocker.container;

import dev.tinydocker.cgroup.Devices;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.InvalidRequest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The nodes of the devices that a container is given, beside those that its {@code /dev} has by itself. */
final class GivenNodes {

    /** A plan takes 1024 steps in all. */
    private static final int MOST = 700;

    /** @param leftOut how many of this host's devices found no place any more */
    record Nodes(List<ShimStep> steps, int leftOut) {

        List<String> warnings() {
            return leftOut == 0 ? List.of()
                    : List.of("this host has more devices than --privileged gives: " + leftOut
                            + " are left out; name those that are needed with --device");
        }
    }

    private GivenNodes() {
    }

    /**
     * Steps that make what is not there already: of a device that is given twice, or that every container has, as
     * {@code /dev/tty}, one node is enough.
     *
     * @param before the steps that make its {@code /dev}
     * @param all whether it is given all others of this host too, where nothing else has the place
     * @throws InvalidRequest where another device has the place
     */
    static Nodes of(List<ShimStep> before, Devices devices, boolean all) {
        List<Devices.Found> given = devices.find();
        if (given.isEmpty() && !all) {
            return new Nodes(List.of(), 0);
        }
        Map<String, Long> made = new HashMap<>();
        Set<String> links = new HashSet<>();
        before.forEach(step -> {
            if (step instanceof ShimStep.Mknod node) {
                made.put(node.path(), node.device());
            } else if (step instanceof ShimStep.Symlink link) {
                links.add(link.path());
            }
        });
        List<ShimStep> steps = new ArrayList<>();
        for (Devices.Found found : given) {
            String target = found.node().target();
            // A link leads to what its name says in there too: /dev/ptmx to the container's own.
            if (links.contains(target) && found.node().source().equals(target)) {
                continue;
            }
            Long there = made.putIfAbsent(target, found.device());
            if (links.contains(target) || there != null && there != found.device()) {
                throw new InvalidRequest("give the device '" + found.node().source() + "'",
                        "'" + target + "' is another one already", "name another place in /dev");
            }
            if (there == null) {
                steps.add(new ShimStep.Mknod(found.mode(), found.device(), target));
            }
        }
        int leftOut = 0;
        for (Devices.Found found : all ? Devices.hosts() : List.<Devices.Found>of()) {
            String target = found.node().target();
            if (links.contains(target) || made.putIfAbsent(target, found.device()) != null) {
                continue;
            }
            if (steps.size() < MOST) {
                steps.add(new ShimStep.Mknod(found.mode(), found.device(), target));
            } else {
                leftOut++;
            }
        }
        return new Nodes(steps, leftOut);
    }
}
