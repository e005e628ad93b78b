package dev.tinydocker.container;

import dev.tinydocker.cgroup.CgroupService;

/** While this is open, no process of a container runs. */
final class Stillness implements AutoCloseable {

    private final CgroupService cgroups;
    private final String id;
    private boolean ours;

    private Stillness(CgroupService cgroups, String id, boolean ours) {
        this.cgroups = cgroups;
        this.id = id;
        this.ours = ours;
    }

    /** Nothing is done where it is not wanted, where nothing runs, and where somebody else has stopped it already. */
    static Stillness of(CgroupService cgroups, Container container, boolean wanted) {
        String id = container.id();
        boolean ours = wanted && container.state().isAlive() && !cgroups.isFrozen(id) && cgroups.freeze(id);
        return new Stillness(cgroups, id, ours);
    }

    /** Lets them go on before this is closed. */
    void end() {
        if (ours) {
            cgroups.thaw(id);
            ours = false;
        }
    }

    @Override
    public void close() {
        end();
    }
}
