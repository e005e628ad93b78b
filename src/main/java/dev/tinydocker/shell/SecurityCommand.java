package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.container.WallCheck;
import org.springframework.stereotype.Component;

import java.util.List;

/** {@code security}: the walls around a running container, as the kernel tells, beside those that were asked. */
@Component
final class SecurityCommand extends ShellCommand {

    private final ContainerService containers;
    private final WallCheck check;

    SecurityCommand(ContainerService containers, WallCheck check) {
        super(Usage.of(Usage.CONTAINERS, "security", "Compare a container's walls with what was asked")
                .takes(1, 1, "CONTAINER", Candidates.RUNNING_CONTAINER).example("security web"));
        this.containers = containers;
        this.check = check;
    }

    @Override
    int execute(Invocation invocation) {
        List<WallCheck.Wall> walls = check.walls(containers.inspect(invocation.argument(0)));
        Table table = new Table();
        table.add(List.of("", "WALL", "ASKED", "IS"));
        walls.forEach(wall -> table.add(List.of(wall.stands() ? "ok" : "LOWER", wall.name(), wall.asked(), wall.is())));
        invocation.out().print(table.text());
        return walls.stream().allMatch(WallCheck.Wall::stands) ? 0 : 1;
    }
}
