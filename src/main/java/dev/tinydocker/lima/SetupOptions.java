package dev.tinydocker.lima;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.shell.HostCommand;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code setup lima} is to do.
 *
 * @param sizes limactl's options for the instance, where it is created
 */
record SetupOptions(List<String> sizes, boolean dryRun, boolean recreate) {

    static final List<HostCommand.Option> ALL = List.of(
            new HostCommand.Option(' ', "cpus", "N", "processors of a machine that is to be created, 4 where not said"),
            new HostCommand.Option(' ', "memory", "GIB", "its memory, 4 GiB where not said"),
            new HostCommand.Option(' ', "disk", "GIB", "its disk, 20 GiB where not said"),
            new HostCommand.Option(' ', "dry-run", "", "say what would be executed, and execute nothing"),
            new HostCommand.Option(' ', "recreate", "", "delete the machine first, with all that is in it"));

    private static final String CPUS = "[1-9][0-9]{0,3}";
    private static final String GIB = "(?=.*[1-9])[0-9]{1,5}(\\.[0-9]{1,3})?";

    /** @throws InvalidRequest where a size is none */
    static SetupOptions of(HostCommand.Given given) {
        List<String> sizes = new ArrayList<>();
        for (String option : List.of("cpus", "memory", "disk")) {
            given.value(option).ifPresent(value -> {
                if (!value.matches(option.equals("cpus") ? CPUS : GIB)) {
                    throw new InvalidRequest("use '--" + option + "' with 'setup lima'", "'" + value + "' is no "
                            + (option.equals("cpus") ? "number of processors" : "number of GiB"),
                            "give one as in --" + option + " 4");
                }
                sizes.add("--" + option + "=" + value);
            });
        }
        return new SetupOptions(List.copyOf(sizes), given.has("dry-run"), given.has("recreate"));
    }
}
