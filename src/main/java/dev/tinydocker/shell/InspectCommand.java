package dev.tinydocker.shell;

import dev.tinydocker.container.Container;
import dev.tinydocker.container.ContainerService;
import dev.tinydocker.container.WallCheck;
import dev.tinydocker.container.Walls;
import dev.tinydocker.image.ImageService;
import dev.tinydocker.network.Networks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.store.Layout;
import dev.tinydocker.volume.NamedVolumes;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

import java.util.Map;
import java.util.function.Function;

/** {@code inspect}: all that is known of containers and images, as a JSON array. */
@Component
final class InspectCommand extends ShellCommand {

    private static final OptionSpec FORMAT = Findings.format("{{.State.Pid}}");
    private static final OptionSpec TYPE = OptionSpec.value("type", "TYPE",
            "only a container, an image, a network, a volume");

    private final ContainerService containers;
    private final Function<Container, Walls> walls;
    private final Function<String, Map<String, Object>> images;
    private final Function<String, Map<String, Object>> networks;
    private final Function<String, Map<String, Object>> volumes;
    private final Layout layout;

    @Autowired
    InspectCommand(ContainerService containers, WallCheck walls, ImageService images, Networks networks,
            NamedVolumes volumes, Layout layout) {
        this(containers, walls::inForce, word -> ImageInspection.of(images.resolve(word)),
                word -> NetworkDocument.of(networks.find(word), networks),
                word -> VolumeRow.document(volumes.find(word), volumes), layout);
    }

    /**
     * The command, apart from the rooms.
     *
     * @param walls which a container has
     * @param images what is known of an image, by its name
     * @param networks what is known of a network
     * @param volumes what is known of a volume
     */
    InspectCommand(ContainerService containers, Function<Container, Walls> walls,
            Function<String, Map<String, Object>> images, Function<String, Map<String, Object>> networks,
            Function<String, Map<String, Object>> volumes, Layout layout) {
        super(Usage.of(Usage.CONTAINERS, "inspect", "Show all that is known of containers or images, as JSON")
                .takes(1, Usage.MANY, "NAME...", Candidates.CONTAINER).options(FORMAT, TYPE)
                .example("inspect -f '{{.State.Pid}}' web"));
        this.containers = containers;
        this.walls = walls;
        this.images = images;
        this.networks = networks;
        this.volumes = volumes;
        this.layout = layout;
    }

    @Override
    int execute(Invocation invocation) {
        String type = invocation.value(TYPE).orElse("");
        return Findings.print(invocation, FORMAT, switch (type) {
            case "container" -> this::container;
            case "image" -> images;
            case "network" -> networks;
            case "volume" -> volumes;
            case "" -> this::either;
            default -> throw new InvalidRequest("inspect by the type '" + type + "'", "there is no such type",
                    "there are container, image, network and volume");
        });
    }

    private Map<String, Object> container(String word) {
        Container container = containers.inspect(word);
        Map<String, Object> all = Inspection.of(container, walls.apply(container), layout);
        all.put("NetworkSettings", NetworkInspection.of(container, containers.leases(word),
                containers.ports(word)));
        return all;
    }

    /** A container before an image of the same name, that before a network, and that before a volume. */
    private Map<String, Object> either(String word) {
        try {
            return container(word);
        } catch (NotFound noContainer) {
            try {
                return images.apply(word);
            } catch (NotFound | InvalidRequest noImage) {
                return others(word);
            }
        }
    }

    private Map<String, Object> others(String word) {
        try {
            return networks.apply(word);
        } catch (NotFound | InvalidRequest noNetwork) {
            try {
                return volumes.apply(word);
            } catch (NotFound e) {
                throw new NotFound("find '" + word + "'",
                        "there is no container, image, network or volume with this name or id",
                        "'ps -a', 'images', 'network ls' and 'volume ls' list all there are", e);
            }
        }
    }
}
