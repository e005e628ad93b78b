package dev.tinydocker.shell;

import dev.tinydocker.volume.NamedVolumes;
import dev.tinydocker.volume.VolumeUsers;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code volume ls}: lists volumes in the order of their names. */
@Component
final class VolumeLsCommand extends ShellCommand {

    private static final OptionSpec QUIET = OptionSpec.flag('q', "quiet", "print names only");
    private static final OptionSpec FILTER = OptionSpec.value('f', "filter", "KEY=VALUE",
            "only those that fit: dangling, driver, label, name");
    private static final OptionSpec FORMAT = OptionSpec.value("format", "FORMAT",
            "json, table, or a template as in {{.Name}}");
    private static final Listing LISTING = Listing.of(VolumeRow.FIELDS, "Driver", "DRIVER", "Name", "VOLUME NAME");

    private final NamedVolumes volumes;

    VolumeLsCommand(NamedVolumes volumes) {
        super(Usage.of(Usage.VOLUMES, "volume ls", "List volumes").options(QUIET, FILTER, FORMAT)
                .example("volume ls --filter dangling=true"));
        this.volumes = volumes;
    }

    @Override
    int execute(Invocation invocation) {
        VolumeFilter filter = VolumeFilter.of(invocation.values(FILTER), volumes.uses().stream()
                .map(VolumeUsers.Use::volume).collect(Collectors.toSet()));
        List<Map<String, String>> rows = volumes.list().stream().filter(filter::test)
                .map(volume -> VolumeRow.of(volume, volumes)).toList();
        LISTING.print(invocation, QUIET, "Name", FORMAT, rows);
        return 0;
    }
}
