package dev.tinydocker.container;

import dev.tinydocker.image.Image;
import dev.tinydocker.image.ImageConfig;
import dev.tinydocker.image.ImageService;
import dev.tinydocker.image.Platform;
import dev.tinydocker.image.PullOptions;
import dev.tinydocker.image.PullProgress;
import dev.tinydocker.image.Reference;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.rootfs.Rootfs;
import dev.tinydocker.rootfs.RootfsService;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Finds what a container starts from: a directory, an image that is here or is pulled, or an entry of the catalogue. */
@Component
class Bases {

    private final RootfsService rootfs;
    private final ImageService images;

    Bases(RootfsService rootfs, ImageService images) {
        this.rootfs = rootfs;
        this.images = images;
    }

    /** @param notice told what takes long, and what is used instead */
    Base find(ContainerSpec wish, Consumer<String> notice) {
        if (wish.rootfs() != null) {
            return Base.of(rootfs.directory(Path.of(wish.rootfs())));
        }
        String word = Objects.requireNonNull(wish.image());
        PullPolicy policy = wish.pull() == null ? PullPolicy.MISSING : wish.pull();
        Image here = policy == PullPolicy.ALWAYS ? null : here(word, wish.platform());
        if (here != null) {
            return base(word, here);
        }
        boolean known = rootfs.names().contains(word);
        Reference reference = images.reference(word);
        if (policy == PullPolicy.NEVER || reference.registry().isEmpty()) {
            if (known) {
                return Base.of(rootfs.catalogue(word, notice));
            }
            throw new NotFound("find the image '" + word + "'", "it is not here",
                    policy == PullPolicy.NEVER ? "pull it first, or leave --pull never out"
                            : "name its registry too, as in HOST/" + word + ", or set tiny.registry.default");
        }
        try {
            notice.accept("pulling '" + word + "'");
            PullOptions options = wish.platform() == null ? PullOptions.DEFAULT
                    : new PullOptions(Platform.parse(wish.platform()));
            return base(word, images.pull(reference, options, new Lines(notice)));
        } catch (Problem e) {
            if (!known) {
                throw e;
            }
            notice.accept("no registry has '" + word + "' (" + e.line() + "); using the root file system of that name");
            return Base.of(rootfs.catalogue(word, notice));
        }
    }

    private @Nullable Image here(String word, @Nullable String platform) {
        Image image = images.find(word).orElse(null);
        boolean other = image != null && platform != null
                && !image.config().platform().equals(Platform.parse(platform));
        return other ? null : image;
    }

    private static Base base(String word, Image image) {
        ImageConfig config = image.config();
        String signal = config.stopSignal();
        return new Base(new Rootfs(word, image.layers(), List.of(), List.of()), image.id(), config.entrypoint(),
                config.command(), config.environment(), config.volumes(), text(config.user()),
                text(config.workingDirectory()), signal == null ? null : Signal.parse(signal), config.labels());
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
