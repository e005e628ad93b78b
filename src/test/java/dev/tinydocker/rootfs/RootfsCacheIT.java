package dev.tinydocker.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.tinydocker.linux.Processes;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.rootfs.CachedRootfs.State;
import dev.tinydocker.rootfs.RootfsUsers.Use;
import dev.tinydocker.store.Layout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is here of a catalogue with several versions, from a mirror on the loopback interface. */
class RootfsCacheIT {

    private final List<Use> uses = new ArrayList<>();
    private final Map<String, Long> told = new TreeMap<>();
    private final FetchProgress progress = new FetchProgress() {
        @Override
        public void note(String line) {
        }

        @Override
        public void bytes(String file, long done, long total) {
            assertThat(done).isLessThanOrEqualTo(total);
            told.put(file, done);
        }
    };

    @TempDir
    Path directory;
    private Path archives;
    private Path trees;
    private Path served;
    private HttpServer server;
    private RootfsCache cache;

    @BeforeEach
    void aMirrorWithTwoVersions() throws IOException {
        archives = Files.createDirectories(directory.resolve("home/rootfs-cache"));
        trees = directory.resolve("data/rootfs");
        Files.createDirectories(directory.resolve("home/config"));
        served = Files.createDirectories(directory.resolve("served"));
        StringBuilder versions = new StringBuilder();
        for (String version : List.of("2.1", "1.4")) {
            String sum = ArchiveCache.sha256(archive(served.resolve("mini-" + version + ".tar.gz"), version));
            versions.append("    \"").append(version, 0, 1).append("\": { version: \"").append(version)
                    .append("\", sha256: { x86_64: ").append(sum).append(", aarch64: ").append(sum).append(" } }\n");
        }
        Files.writeString(directory.resolve("home/config/rootfs.yml"), """
                mini:
                  sources:
                    - archive: mini-{version}.tar.gz
                      url: "{mirror}/v{tag}/mini-{version}.tar.gz"
                  versions:
                %sfree:
                  sources:
                    - archive: free.tar.gz
                    - installed: /bin/busybox
                strange:
                  sources:
                    - archive: strange.tar.zst
                    - bootstrap: Nowhere
                      suite: none
                """.formatted(versions));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Path file = served.resolve(Path.of(exchange.getRequestURI().getPath()).getFileName());
            byte[] body = Files.readAllBytes(file);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        open();
    }

    /** As an engine does when it starts. */
    private void open() {
        cache = RootfsRooms.cache(new Layout(directory.resolve("run").toString(), directory.resolve("data").toString(),
                directory.resolve("home").toString()), "http://127.0.0.1:" + server.getAddress().getPort(), uses);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static Path archive(Path file, String text) throws IOException {
        try (Tar tar = new Tar(file)) {
            tar.directory("bin", 0755).file("bin/tool", 0755, text);
        }
        return file;
    }

    private String tool(String name) throws IOException {
        return Files.readString(cache.get(name, progress).lower().getFirst().resolve("bin/tool"));
    }

    private CachedRootfs listed(String name) {
        return cache.list().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void versionsStandBesideEachOtherAndTheFirstOneHasNoNeedOfItsTag() throws IOException {
        assertThat(tool("mini:1")).isEqualTo("1.4");
        assertThat(tool("mini")).isEqualTo("2.1");
        assertThat(cache.get("mini:2", progress).lower()).isEqualTo(cache.get("mini", progress).lower());
        assertThat(told).containsEntry("mini-1.4.tar.gz", Files.size(served.resolve("mini-1.4.tar.gz")));
        assertThat(cache.list()).extracting(CachedRootfs::name).containsExactly("mini:2", "mini:1", "free", "strange");
        assertThat(listed("mini:1")).isEqualTo(new CachedRootfs("mini:1", "1.4", "x86_64", "download",
                "mini-1.4.tar.gz", Files.size(served.resolve("mini-1.4.tar.gz")), State.VERIFIED, true));
        assertThat(listed("free").archive()).isEqualTo(State.ABSENT);
    }

    @Test
    void namesThatAreNoneLeadNowhere() {
        for (String name : List.of("../mini", "mini:3", "", "mini/../../etc", "mini:../1", "Mini")) {
            assertThatExceptionOfType(NotFound.class).isThrownBy(() -> cache.get(name, progress));
            assertThatExceptionOfType(NotFound.class).isThrownBy(() -> cache.clean(List.of(name), false));
            assertThatExceptionOfType(NotFound.class).isThrownBy(() -> cache.verify(List.of(name)));
        }
        assertThat(archives).isEmptyDirectory();
    }

    @Test
    void anArchiveThatChangesOnTheDiskIsFoundByTheCataloguesSumOrTheRecordedOne() throws IOException {
        cache.get("mini:1", progress);
        cache.get("free", progress);
        assertThat(archives.resolve("free.tar.gz.sha256")).content().matches("[0-9a-f]{64}  free\\.tar\\.gz\n");
        assertThat(cache.verify(List.of())).extracting(CachedRootfs::archive).containsOnly(State.VERIFIED).hasSize(2);

        Files.writeString(archives.resolve("mini-1.4.tar.gz"), "changed");
        archive(archives.resolve("free.tar.gz"), "another");
        assertThat(cache.verify(List.of("mini:1", "free"))).extracting(CachedRootfs::archive)
                .containsOnly(State.WRONG);
        open();
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> cache.get("free", progress))
                .withMessageContaining("SHA-256")
                .satisfies(problem -> assertThat(problem.line()).contains("free.tar.gz.sha256"));
        Files.delete(archives.resolve("free.tar.gz.sha256"));
        assertThat(listed("free").archive()).as("put there by hand").isEqualTo(State.UNKNOWN);
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> cache.verify(List.of("mini:2")))
                .withMessageContaining("is not here");
    }

    @Test
    void whatAContainerUsesStays() throws IOException {
        cache.get("mini:1", progress);
        cache.get("mini:2", progress);
        uses.add(new Use("mini", "c0ffee"));
        assertThatExceptionOfType(Conflict.class).isThrownBy(() -> cache.clean(List.of("mini:1"), false))
                .withMessageContaining("the container c0ffee uses it");
        assertThat(cache.clean(List.of(), true)).isEqualTo(new RootfsCache.Cleaned(List.of(),
                List.of("mini:2", "mini:1"), 0));
        assertThat(listed("mini:1").unpacked()).isTrue();

        uses.set(0, new Use("mini:1", "c0ffee"));
        long archive = Files.size(archives.resolve("mini-2.1.tar.gz"));
        assertThat(cache.clean(List.of(), true)).isEqualTo(new RootfsCache.Cleaned(List.of("mini:2"),
                List.of("mini:1"), archive + "2.1".length()));
        assertThat(archives).isDirectoryNotContaining("glob:**/mini-2*");
        assertThat(trees).isDirectoryContaining("glob:**/mini_1-*").isDirectoryNotContaining("glob:**/mini_2-*");
        assertThat(tool("mini:2")).as("and comes again").isEqualTo("2.1");
    }

    @Test
    void whatNothingLeadsToAnyMoreIsCleanedWithoutAName() throws IOException {
        archive(archives.resolve("free.tar.gz"), "one");
        Path old = cache.get("free", progress).lower().getFirst();
        archive(archives.resolve("free.tar.gz"), "longer");
        Files.setLastModifiedTime(archives.resolve("free.tar.gz"), FileTime.fromMillis(1_700_000_000_000L));
        Path gone = Files.createDirectory(trees.resolve("former-1"));

        RootfsCache.Cleaned cleaned = cache.clean(List.of(), false);

        assertThat(cleaned.removed()).containsExactlyInAnyOrder(old.getFileName().toString(), "former-1");
        assertThat(cleaned.bytes()).isEqualTo("one".length());
        assertThat(gone).doesNotExist();
        assertThat(archives.resolve("free.tar.gz")).exists();
        assertThat(tool("free")).isEqualTo("longer");
    }

    @Test
    void whatADeadEngineLeftGoesAndWhatALivingOneIsAtStays() throws IOException {
        Path dead = Files.createDirectories(archives.resolve(".work-1-1-x/tree"));
        int self = (int) ProcessHandle.current().pid();
        Path mine = Files.createDirectory(archives.resolve(".work-" + self + "-"
                + Processes.startTime(self).orElseThrow() + "-x"));
        Files.createDirectories(trees.resolve(".unpacking-x"));
        cache.get("mini", progress);
        assertThat(dead.getParent()).doesNotExist();
        assertThat(mine).exists();
        assertThat(trees.resolve(".unpacking-x")).doesNotExist();
    }

    @Test
    void aDistributionThatThisHostHasNoRegistryOfIsRefused() {
        assertThatExceptionOfType(HostLacks.class).isThrownBy(() -> cache.get("strange", progress))
                .withMessageContaining("this host's apt has no registry of Nowhere")
                .satisfies(problem -> assertThat(problem.line()).contains("put strange.tar.zst into"));
        assertThat(archives).isEmptyDirectory();
    }
}
