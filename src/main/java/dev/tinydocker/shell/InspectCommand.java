package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.image.ImageService;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.store.Layout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

import java.util.Map;
import java.util.function.Function;

/** {@code inspect}: all that is known of containers and images, as a JSON array. */
@Component
final class InspectCommand extends ShellCommand {

    private static final OptionSpec FORMAT = Findings.format("{{.State.Pid}}");
    private static final OptionSpec TYPE = OptionSpec.value("type", "TYPE", "only a container, or only an image");

    private final ContainerService containers;
    private final Function<String, Map<String, Object>> images;
    private final Layout layout;

    @Autowired
    InspectCommand(ContainerService containers, ImageService images, Layout layout) {
        this(containers, word -> ImageInspection.of(images.resolve(word)), layout);
    }

    /** @param images what is known of an image, by its name */
    InspectCommand(ContainerService containers, Function<String, Map<String, Object>> images, Layout layout) {
        super(Usage.of(Usage.CONTAINERS, "inspect", "Show all that is known of containers or images, as JSON")
                .takes(1, Usage.MANY, "NAME...", Candidates.CONTAINER).options(FORMAT, TYPE)
                .example("inspect -f '{{.State.Pid}}' web"));
        this.containers = containers;
        this.images = images;
        this.layout = layout;
    }

    @Override
    int execute(Invocation invocation) {
        String type = invocation.value(TYPE).orElse("");
        return Findings.print(invocation, FORMAT, switch (type) {
            case "container" -> this::container;
            case "image" -> images;
            case "" -> this::either;
            default -> throw new InvalidRequest("inspect by the type '" + type + "'", "there is no such type",
                    "there are container and image");
        });
    }

    private Map<String, Object> container(String word) {
        Map<String, Object> all = Inspection.of(containers.inspect(word), layout);
        all.put("NetworkSettings", NetworkInspection.of(containers.inspect(word), containers.leases(word),
                containers.ports(word)));
        return all;
    }

    /** A container before an image of the same name. */
    private Map<String, Object> either(String word) {
        try {
            return container(word);
        } catch (NotFound none) {
            try {
                return images.apply(word);
            } catch (NotFound | InvalidRequest neither) {
                throw new NotFound("find '" + word + "'", "there is neither a container nor an image with this name or id",
                        "'ps -a' and 'images' list all there are", none);
            }
        }
    }
}
