package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.volume.NamedVolumes;
import org.springframework.stereotype.Component;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code volume create}: makes a volume. */
@Component
final class VolumeCreateCommand extends ShellCommand {

    private static final OptionSpec DRIVER = OptionSpec.value('d', "driver", "local", "there is no other one");
    private static final OptionSpec LABEL = OptionSpec.value("label", "NAME[=VALUE]", "a note to find it by");

    private final NamedVolumes volumes;

    VolumeCreateCommand(NamedVolumes volumes) {
        super(Usage.of(Usage.VOLUMES, "volume create", "Create a volume").takes(0, 1, "[NAME]", Candidates.NOTHING)
                .options(DRIVER, LABEL).example("volume create data"));
        this.volumes = volumes;
    }

    @Override
    int execute(Invocation invocation) {
        String driver = invocation.value(DRIVER).orElse("local");
        if (!driver.equals("local")) {
            throw new InvalidRequest("create a volume with '" + driver + "'", "there is no such driver",
                    "there is local");
        }
        Map<String, String> labels = new LinkedHashMap<>();
        for (String word : invocation.values(LABEL)) {
            int equals = word.indexOf('=');
            labels.put(equals < 0 ? word : word.substring(0, equals), equals < 0 ? "" : word.substring(equals + 1));
        }
        String name = invocation.arguments().isEmpty() ? "" : invocation.argument(0);
        invocation.out().println(volumes.create(name, labels).name());
        return 0;
    }
}
