package dev.tinydocker.container;

import dev.tinydocker.archive.CopySource;
import dev.tinydocker.archive.CopyTarget;
import dev.tinydocker.archive.Copying;
import dev.tinydocker.archive.Landing;
import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.SystemFailure;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/** Copies files between containers and this host. */
@Component
class Copies {

    private static final Path HOST = Path.of("/");

    private final Views views;

    Copies(Views views) {
        this.views = views;
    }

    long out(Container container, CopySpec wish) {
        String what = "copy '" + container.name() + ":" + wish.inContainer() + "' to '" + wish.onHost() + "'";
        try (View view = views.open(what, container); DirectoryHandle host = DirectoryHandle.open(HOST);
                CopySource source = CopySource.open(what, view.root(), wish.inContainer(), wish.follow())) {
            CopyTarget target = CopyTarget.find(what, host, wish.onHost());
            return Copying.copy(what, source, target, Landing.of(true, wish.owners()));
        }
    }

    long in(Container container, CopySpec wish) {
        String what = "copy '" + wish.onHost() + "' to '" + container.name() + ":" + wish.inContainer() + "'";
        try (DirectoryHandle host = DirectoryHandle.open(HOST);
                CopySource source = CopySource.open(what, host, wish.onHost(), wish.follow());
                View view = views.open(what, container)) {
            CopyTarget target = CopyTarget.find(what, view.root(), wish.inContainer());
            return Copying.copy(what, source, target, Landing.of(false, wish.owners()));
        }
    }

    void read(Container container, String path, boolean follow, OutputStream tar) {
        String what = "copy '" + container.name() + ":" + path + "'";
        try (View view = views.open(what, container);
                CopySource source = CopySource.open(what, view.root(), path, follow)) {
            source.pack(tar);
        } catch (IOException e) {
            throw new SystemFailure(what, "it cannot be written: " + FileFailures.reason(e), "", e);
        }
    }

    /** An archive says itself whose its files are. */
    void write(Container container, String path, InputStream archive) {
        String what = "copy an archive to '" + container.name() + ":" + path + "'";
        try (View view = views.open(what, container)) {
            Copying.unpack(what, archive, CopyTarget.find(what, view.root(), path), Landing.CONTAINER_WITH_OWNERS);
        }
    }
}
