package dev.tinydocker.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.store.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The busybox root file system, from the host's program and from a package that is served by a stand-in for apt-get.
 */
class BusyboxIT {

    private static final Path BUSYBOX = Path.of("/bin/busybox");

    @TempDir
    Path directory;

    @Test
    void theHostsBusyboxBecomesARootFileSystemThatRuns() throws IOException {
        Path home = Files.createDirectories(directory.resolve("home"));
        Files.createDirectories(home.resolve("config"));
        Files.copy(Path.of("config/rootfs.yml"), home.resolve("config/rootfs.yml"));
        RootfsService service = RootfsRooms.service(new Layout(directory.resolve("run").toString(),
                directory.resolve("data").toString(), home.toString()), "");
        List<String> progress = new ArrayList<>();

        Path root = service.catalogue("busybox", progress::add).lower().getFirst();

        assertThat(progress).hasSize(2);
        assertThat(home.resolve("rootfs-cache")).isDirectoryContaining("glob:**/busybox-*.tar.gz");
        assertThat(root.resolve("bin/busybox")).hasSameBinaryContentAs(BUSYBOX);
        assertThat(Files.getAttribute(root.resolve("tmp"), "unix:mode")).isEqualTo(0041777);
        for (String directory : List.of("proc", "sys", "dev", "root", "etc", "usr/bin")) {
            assertThat(root.resolve(directory)).isDirectory();
        }
        for (String applet : List.of("bin/sh", "bin/ls", "bin/echo", "usr/bin/env")) {
            assertThat(root.resolve(applet)).isSymbolicLink();
            assertThat(root.resolve(applet).toRealPath()).isEqualTo(root.resolve("bin/busybox").toRealPath());
        }
        assertThat(Command.run(List.of("chroot", root.toString(), "sh", "-c", "id -un; ls /etc"), directory))
                .isEqualTo("root\ngroup\nhosts\npasswd\n");
    }

    @Test
    void aStaticProgramIsToldFromOthers() throws IOException {
        assertThat(BusyboxArchive.isStatic(BUSYBOX)).isTrue();
        assertThat(BusyboxArchive.isStatic(Path.of("/bin/sh").toRealPath())).isFalse();
        assertThat(BusyboxArchive.isStatic(Files.writeString(directory.resolve("script"), "#!/bin/sh\n".repeat(20))))
                .isFalse();
        assertThat(BusyboxArchive.isStatic(directory.resolve("missing"))).isFalse();
    }

    @Test
    void aPackageIsFetchedOnceTheClientKnowsItAndTakenApart() throws IOException {
        Path tree = Files.createDirectories(directory.resolve("tree"));
        Files.createDirectories(tree.resolve("usr/bin"));
        Files.copy(BUSYBOX, tree.resolve("usr/bin/busybox"));
        Files.createDirectories(tree.resolve("DEBIAN"));
        Files.writeString(tree.resolve("DEBIAN/control"), """
                Package: busybox-static
                Version: 1
                Architecture: all
                Maintainer: t <t@example.test>
                Description: test
                """);
        Path deb = directory.resolve("busybox-static_1%3a1_all.deb");
        Command.run(List.of("dpkg-deb", "--build", tree.toString(), deb.toString()), directory);
        Path client = Files.writeString(directory.resolve("client"), """
                #!/bin/sh
                # Knows nothing before it has updated.
                case "$*" in
                *update) touch '%1$s/updated' ;;
                *'download busybox-static')
                    [ -e '%1$s/updated' ] || { echo 'E: Unable to locate package'; exit 100; }
                    cp '%2$s' . ;;
                *) exit 2 ;;
                esac
                """.formatted(directory, deb));
        Files.setPosixFilePermissions(client, PosixFilePermissions.fromString("rwx------"));
        Path work = Files.createDirectories(directory.resolve("work"));

        assertThat(DistributionPackage.fetch(client.toString(), "busybox-static", work))
                .hasSameBinaryContentAs(BUSYBOX);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> DistributionPackage.fetch(client.toString(), "other", work))
                .withMessageContaining("failed with 2");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> DistributionPackage.fetch("/no/such/client", "busybox-static", work));
    }
}
