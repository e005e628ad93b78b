package dev.tinydocker.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
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
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Fetching and unpacking, with a mirror on the loopback interface. */
class CatalogueTreesIT {

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> progress = new CopyOnWriteArrayList<>();

    @TempDir
    Path directory;
    private Path cache;
    private Path trees;
    private Path served;
    private HttpServer server;

    @BeforeEach
    void aMirror() throws IOException {
        cache = Files.createDirectories(directory.resolve("home/rootfs-cache"));
        trees = directory.resolve("data/rootfs");
        Files.createDirectories(directory.resolve("home/config"));
        served = archive(directory.resolve("served.tar.gz"), "served");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            boolean known = exchange.getRequestURI().getPath().equals("/mini/mini.tar.gz");
            byte[] body = known ? Files.readAllBytes(served) : new byte[0];
            exchange.sendResponseHeaders(known ? 200 : 404, known ? body.length : -1);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void noHalfDoneThingIsLeft() throws IOException {
        server.stop(0);
        for (Path place : List.of(cache, trees)) {
            if (Files.exists(place)) {
                try (Stream<Path> left = Files.list(place)) {
                    assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith("."));
                }
            }
        }
    }

    private static Path archive(Path file, String text) throws IOException {
        try (Tar tar = new Tar(file)) {
            tar.directory("bin", 0755).file("bin/tool", 0755, text);
        }
        return file;
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private void catalogue(String sum) throws IOException {
        Files.writeString(directory.resolve("home/config/rootfs.yml"), """
                mini:
                  command: [/bin/tool, -x]
                  environment: [A=b]
                  sources:
                    - archive: mini.tar.gz
                      url: "{mirror}/mini/mini.tar.gz"
                      sha256: {x86_64: "%s", aarch64: "%s"}
                free:
                  sources:
                    - archive: free.tar.gz
                """.formatted(sum, sum));
    }

    private RootfsService service(String mirror) {
        return RootfsRooms.service(new Layout(directory.resolve("run").toString(), directory.resolve("data").toString(),
                directory.resolve("home").toString()), mirror);
    }

    private String mirror() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":" + server.getAddress().getPort()
                + "/";
    }

    @Test
    void aDownloadIsVerifiedKeptAndUnpackedOnce() throws Exception {
        catalogue(sha256(served));

        Rootfs rootfs = service(mirror()).catalogue("mini", progress::add);

        assertThat(rootfs.lower().getFirst().resolve("bin/tool")).hasContent("served").isExecutable();
        assertThat(rootfs.command()).containsExactly("/bin/tool", "-x");
        assertThat(rootfs.environment()).containsExactly("A=b");
        assertThat(cache.resolve("mini.tar.gz")).hasSameBinaryContentAs(served);
        assertThat(progress).hasSize(2).first().asString().startsWith("downloading http://127.0.0.1:");

        // A later engine needs neither the mirror nor, once unpacked, the archive.
        progress.clear();
        assertThat(service("").catalogue("mini", progress::add)).isEqualTo(rootfs);
        Files.delete(cache.resolve("mini.tar.gz"));
        assertThat(service("").catalogue("mini", progress::add)).isEqualTo(rootfs);
        assertThat(asked).hasSize(1);
        assertThat(progress).isEmpty();
    }

    @Test
    void manyAtOnceFetchOnce() throws Exception {
        catalogue(sha256(served));
        RootfsService service = service(mirror());
        int callers = 8;
        CyclicBarrier together = new CyclicBarrier(callers);
        Callable<Rootfs> call = () -> {
            together.await();
            return service.catalogue("mini", progress::add);
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
            List<Future<Rootfs>> answers = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                answers.add(threads.submit(call));
            }
            for (Future<Rootfs> answer : answers) {
                assertThat(answer.get()).isEqualTo(answers.getFirst().get());
            }
        }
        assertThat(asked).hasSize(1);
    }

    @Test
    void aDownloadWithAnotherSumIsNotKept() throws Exception {
        catalogue("0".repeat(64));
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> service(mirror())
                .catalogue("mini", progress::add))
                .withMessageContaining("SHA-256").withMessageContaining("mini.tar.gz");
        assertThat(cache).isEmptyDirectory();
        assertThat(trees).doesNotExist();
    }

    @Test
    void anArchivePutThereByHandIsVerifiedToo() throws Exception {
        catalogue(sha256(served));
        archive(cache.resolve("mini.tar.gz"), "another");
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> service(mirror())
                .catalogue("mini", progress::add))
                .withMessageContaining("SHA-256");
        assertThat(asked).isEmpty();

        Files.copy(served, cache.resolve("mini.tar.gz"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(service("").catalogue("mini", progress::add).lower().getFirst().resolve("bin/tool"))
                .hasContent("served");
    }

    @Test
    void withoutAMirrorTheUserIsToldBothWaysOut() throws Exception {
        catalogue(sha256(served));
        assertThatExceptionOfType(HostLacks.class).isThrownBy(() -> service("").catalogue("mini", progress::add))
                .satisfies(problem -> assertThat(problem.line()).contains("tiny.rootfs.mirror").contains("mini.tar.gz")
                        .contains(cache.toString()));
    }

    @Test
    void aMirrorThatDoesNotHaveItIsNamed() throws Exception {
        catalogue(sha256(served));
        assertThatExceptionOfType(HostLacks.class).isThrownBy(() -> service(mirror() + "else")
                .catalogue("mini", progress::add))
                .withMessageContaining("status 404");

        server.stop(0);
        assertThatExceptionOfType(HostLacks.class).isThrownBy(() -> service(mirror()).catalogue("mini", progress::add))
                .withMessageContaining("/mini/mini.tar.gz'");
        assertThatExceptionOfType(HostLacks.class).isThrownBy(() -> service("no url").catalogue("mini", progress::add))
                .withMessageContaining("it is no URL");
    }

    @Test
    void anArchiveThatChangesIsUnpackedAnewAndTheOldTreeStays() throws Exception {
        catalogue(sha256(served));
        archive(cache.resolve("free.tar.gz"), "one");
        Path first = service("").catalogue("free", progress::add).lower().getFirst();
        archive(cache.resolve("free.tar.gz"), "two");
        Files.setLastModifiedTime(cache.resolve("free.tar.gz"), FileTime.fromMillis(1_700_000_000_000L));

        Path second = service("").catalogue("free", progress::add).lower().getFirst();

        assertThat(first.resolve("bin/tool")).hasContent("one");
        assertThat(second.resolve("bin/tool")).hasContent("two");
    }

    @Test
    void aBrokenArchiveLeavesNoTree() throws Exception {
        catalogue(sha256(served));
        Files.writeString(cache.resolve("free.tar.gz"), "no archive");
        RootfsService service = service("");
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> service.catalogue("free", progress::add))
                .withMessageContaining(cache.resolve("free.tar.gz").toString());
        assertThat(trees).isEmptyDirectory();

        archive(cache.resolve("free.tar.gz"), "good");
        assertThat(service.catalogue("free", progress::add).lower().getFirst().resolve("bin/tool")).hasContent("good");
    }

    @Test
    void anArchiveThatWouldLeadOutIsNamedAndLeavesNoTree() throws Exception {
        Path hostile = directory.resolve("hostile.tar.gz");
        try (Tar tar = new Tar(hostile)) {
            tar.file("bin/tool", 0755, "x").file("../../outside", 0644, "x");
        }
        catalogue(sha256(hostile));
        Files.copy(hostile, cache.resolve("mini.tar.gz"));
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> service("").catalogue("mini", progress::add))
                .withMessageContaining(cache.resolve("mini.tar.gz").toString())
                .withMessageContaining("'../../outside': the name leads out");
        assertThat(trees).isEmptyDirectory();
        assertThat(directory.resolve("data/outside")).doesNotExist();
    }

    @Test
    void aTreeThatWasDeletedIsMadeAgain() throws Exception {
        catalogue(sha256(served));
        RootfsService service = service(mirror());
        Path tree = service.catalogue("mini", progress::add).lower().getFirst();
        dev.tinydocker.store.TreeDeleter.delete(tree);

        assertThat(service.catalogue("mini", progress::add).lower().getFirst().resolve("bin/tool"))
                .hasContent("served");
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() throws Exception {
        catalogue(sha256(served));
        assertThat(service("").names()).containsExactly("mini", "free");
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> service("").catalogue("minni", progress::add))
                .satisfies(problem -> assertThat(problem.line()).contains("mini, free"));
    }
}
