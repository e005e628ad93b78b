package dev.tinydocker.security;

import dev.tinydocker.problem.HostLacks;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which capabilities a process gets, by Docker's rules.
 *
 * @param root what root has, and what no other user can get back
 * @param others what a user that is not root has from the start: only what was asked for by name
 */
record Capabilities(Set<Capability> root, Set<Capability> others) {

    /**
     * {@code --cap-add ALL} is everything but what is dropped, {@code --cap-drop ALL} is nothing but what is added;
     * else what is dropped is taken from the default and what is added comes to it, so that of the same name in both
     * the addition counts.
     *
     * @param available what this engine has to give
     * @throws HostLacks where one that was asked for by name is not available
     */
    static Capabilities of(SecurityWish wish, Set<Capability> available) {
        if (wish.privileged()) {
            return new Capabilities(available, EnumSet.noneOf(Capability.class));
        }
        Set<Capability> added = named(wish.capAdd());
        Set<Capability> dropped = named(wish.capDrop());
        for (Capability capability : added) {
            if (!available.contains(capability)) {
                throw new HostLacks("add the capability '" + capability.shortName() + "'",
                        "this engine does not have it itself", "leave it out, or start the engine with it");
            }
        }
        Set<Capability> root = EnumSet.noneOf(Capability.class);
        if (wish.capAdd().contains(Capability.ALL)) {
            root.addAll(available);
            root.removeAll(dropped);
        } else {
            if (!wish.capDrop().contains(Capability.ALL)) {
                root.addAll(Capability.DEFAULT);
                root.removeAll(dropped);
                root.retainAll(available);
            }
            root.addAll(added);
        }
        Set<Capability> others = EnumSet.copyOf(root);
        others.retainAll(added);
        return new Capabilities(root, others);
    }

    private static Set<Capability> named(List<String> names) {
        Set<Capability> set = EnumSet.noneOf(Capability.class);
        names.stream().filter(name -> !name.equals(Capability.ALL)).map(Capability::valueOf).forEach(set::add);
        return set;
    }
}
