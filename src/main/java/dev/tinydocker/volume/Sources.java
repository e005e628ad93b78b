package dev.tinydocker.volume;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The places on this host that mounts lead to: made where they are missing, and taken back where nobody needs them. */
@Component
class Sources {

    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);

    private final NamedVolumes named;
    private final ObjectProvider<VolumeUsers> users;

    Sources(NamedVolumes named, ObjectProvider<VolumeUsers> users) {
        this.named = named;
        this.users = users;
    }

    void prepare(Mount.Bind bind, Made made) {
        if (bind.volume() != null) {
            named.create(bind.volume().name(), Map.of(), made);
            return;
        }
        Path source = Path.of(bind.source());
        if (Files.exists(source)) {
            return;
        }
        if (!bind.createSource()) {
            throw new NotFound("mount '" + bind.source() + "' on '" + bind.target() + "'",
                    "bind source path does not exist", "make it first, or use -v, which makes a directory");
        }
        try {
            make(source, made);
        } catch (FileAlreadyExistsException e) {
            throw new InvalidRequest("mount '" + bind.source() + "' on '" + bind.target() + "'",
                    "'" + e.getFile() + "' is not a directory", "is it a link that leads nowhere?", e);
        } catch (IOException e) {
            throw new SystemFailure("make the directory '" + bind.source() + "'", FileFailures.reason(e),
                    "make it first", e);
        }
    }

    /** With those that it is in. */
    private static void make(Path directory, Made made) throws IOException {
        Path parent = directory.getParent();
        if (parent != null && !Files.exists(parent)) {
            make(parent, made);
        }
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (Files.isDirectory(directory)) {
                return;
            }
            throw e;
        }
        made.directories.add(directory);
    }

    /** What others have begun to use meanwhile stays; who is about to looks again. */
    void undo(Made made) {
        if (!made.volumes.isEmpty()) {
            named.takeBack(made.volumes);
        }
        if (!made.directories.isEmpty()) {
            VolumeUsers user = users.getObject();
            user.removing(() -> {
                List<Path> bound = user.bound();
                for (Path directory : made.directories.reversed()) {
                    if (bound.stream().noneMatch(path -> path.startsWith(directory))) {
                        remove(directory);
                    }
                }
            });
        }
    }

    /** Only where it is empty. */
    private static void remove(Path directory) {
        try {
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(directory);
            }
        } catch (IOException e) {
            LOG.debug("{} stays", directory, e);
        }
    }
}
