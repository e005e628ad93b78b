package dev.tinydocker.container;

import dev.tinydocker.image.Image;
import dev.tinydocker.image.ImageConfig;
import dev.tinydocker.image.ImageService;
import dev.tinydocker.image.Platform;
import dev.tinydocker.image.PullOptions;
import dev.tinydocker.image.PullProgress;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.network.PortParser;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.rootfs.Rootfs;
import dev.tinydocker.rootfs.RootfsService;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Finds what a container starts from: a directory, an image that is here or is pulled, or an entry of the catalogue.
 */
@Component
class Bases {

    private final RootfsService rootfs;
    private final ImageService images;

    Bases(RootfsService rootfs, ImageService images) {
        this.rootfs = rootfs;
        this.images = images;
    }

    /**
     * What is here already.
     *
     * @param notice told what takes long
     * @throws ImageMissing where {@link #pull} is to be tried first
     */
    Base find(ContainerSpec wish, Consumer<String> notice) {
        if (wish.rootfs() != null) {
            return Base.of(rootfs.directory(Path.of(wish.rootfs())));
        }
        String word = Objects.requireNonNull(wish.image());
        Image here = wish.pull() == PullPolicy.ALWAYS ? null : here(word, wish.platform(), notice);
        if (here != null) {
            return base(word, here);
        }
        boolean never = wish.pull() == PullPolicy.NEVER;
        if (!never && !images.reference(word).registry().isEmpty()) {
            throw new ImageMissing(word);
        }
        if (rootfs.names().contains(word)) {
            if (!platform(wish).equals(Platform.host())) {
                throw new InvalidRequest("take the root file system '" + word + "'",
                        "it is for " + Platform.host() + " and not for " + platform(wish),
                        "name an image in a registry");
            }
            return Base.of(rootfs.catalogue(word, notice));
        }
        throw new NotFound("find the image '" + word + "'", "it is not here", never ? "pull it first"
                : "name its registry too, as in HOST/" + word + ", or set tiny.registry.default");
    }

    /** The files that a container was made from. */
    Rootfs root(Container container) {
        ContainerSpec spec = container.spec();
        if (spec.rootfs() != null) {
            return rootfs.directory(Path.of(spec.rootfs()));
        }
        String word = Objects.requireNonNull(spec.image());
        if (spec.imageId() == null) {
            // An image may have got the same name meanwhile.
            return rootfs.catalogue(word, _ -> { });
        }
        return images.find(spec.imageId()).map(image -> base(word, image).root()).orElseThrow(() -> new NotFound(
                "find the image of '" + container.name() + "'", "it is not here any more", "pull '" + word + "'"));
    }

    /**
     * Brings the image of a wish here. Blocks: platform threads only.
     *
     * @param environment the user's, for what is needed to log in
     * @param notice told how it gets on, and what is used where no registry has the image
     */
    void pull(ContainerSpec wish, Map<String, String> environment, Consumer<String> notice) {
        String word = Objects.requireNonNull(wish.image());
        Platform platform = platform(wish);
        notice.accept("pulling '" + word + "'");
        try {
            images.pull(images.reference(word), new PullOptions(platform, environment), new Lines(notice));
        } catch (Problem e) {
            if (!rootfs.names().contains(word) || !platform.equals(Platform.host())) {
                throw e;
            }
            notice.accept("no registry has '" + word + "' (" + e.line() + "); using the root file system of that name");
        }
    }

    private static Platform platform(ContainerSpec wish) {
        return wish.platform() == null ? Platform.host() : Platform.parse(wish.platform());
    }

    private @Nullable Image here(String word, @Nullable String platform, Consumer<String> notice) {
        Image image = images.find(word, platform == null ? Platform.host() : Platform.parse(platform)).orElse(null);
        if (image != null || platform != null) {
            return image;
        }
        Image other = images.find(word).orElse(null);
        if (other != null) {
            notice.accept("'" + word + "' is for " + other.config().platform() + " and this machine is "
                    + Platform.host());
        }
        return other;
    }

    private static Base base(String word, Image image) {
        ImageConfig config = image.config();
        String signal = config.stopSignal();
        return new Base(new Rootfs(word, image.layers(), List.of(), List.of()), image.id(), config.entrypoint(),
                config.command(), config.environment(), config.volumes(), text(config.user()),
                text(config.workingDirectory()), signal == null ? null : Signal.parse(signal), config.labels(),
                Healthcheck.of(config.healthcheck()),
                PortParser.exposed(config.exposedPorts()));
    }

    private static @Nullable String text(String word) {
        return word.isEmpty() ? null : word;
    }

    /** A line for each layer that has come. */
    private record Lines(Consumer<String> notice) implements PullProgress {

        @Override
        public void layer(String shortDigest, Phase phase, long done, long total) {
            if (phase == Phase.DONE || phase == Phase.EXISTS) {
                notice.accept(shortDigest + ": " + (phase == Phase.DONE ? "pulled" : "already here"));
            }
        }

        @Override
        public void note(String line) {
            notice.accept(line);
        }
    }
}
