package dev.tinydocker.shell;

import dev.tinydocker.volume.NamedVolumes;
import org.springframework.stereotype.Component;

/** {@code volume inspect}: all that is known of volumes, as a JSON array. */
@Component
final class VolumeInspectCommand extends ShellCommand {

    private static final OptionSpec FORMAT = Findings.format("{{.Mountpoint}}");

    private final NamedVolumes volumes;

    VolumeInspectCommand(NamedVolumes volumes) {
        super(Usage.of(Usage.VOLUMES, "volume inspect", "Show all that is known of volumes, as JSON")
                .takes(1, Usage.MANY, "VOLUME...", Candidates.VOLUME).options(FORMAT).example("volume inspect data"));
        this.volumes = volumes;
    }

    @Override
    int execute(Invocation invocation) {
        return Findings.print(invocation, FORMAT, word -> VolumeRow.document(volumes.find(word), volumes));
    }
}
