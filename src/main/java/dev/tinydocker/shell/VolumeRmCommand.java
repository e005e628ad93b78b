package dev.tinydocker.shell;

import dev.tinydocker.problem.NotFound;
import dev.tinydocker.volume.NamedVolumes;
import org.springframework.stereotype.Component;

/** {@code volume rm}: removes volumes that no container uses, with their files. */
@Component
final class VolumeRmCommand extends ShellCommand {

    private static final OptionSpec FORCE = OptionSpec.flag('f', "force", "one that is not there is fine");

    private final NamedVolumes volumes;

    VolumeRmCommand(NamedVolumes volumes) {
        super(Usage.of(Usage.VOLUMES, "volume rm", "Remove volumes with their files")
                .takes(1, Usage.MANY, "VOLUME...", Candidates.VOLUME).options(FORCE).example("volume rm data"));
        this.volumes = volumes;
    }

    @Override
    int execute(Invocation invocation) {
        boolean force = invocation.flag(FORCE);
        return Each.of(invocation, name -> {
            try {
                volumes.remove(name);
            } catch (NotFound gone) {
                if (!force) {
                    throw gone;
                }
            }
            return name;
        });
    }
}
