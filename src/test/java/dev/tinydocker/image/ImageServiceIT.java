package dev.tinydocker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.store.Layout;
import dev.tinydocker.store.TreeSize;
import dev.tinydocker.support.Commands;
import dev.tinydocker.support.OciLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Images from archives made by others, and archives that others read. */
class ImageServiceIT {

    @TempDir
    static Path shared;

    @TempDir
    Path directory;

    private final List<String> said = new ArrayList<>();
    private final List<ImageUsers.Use> uses = new ArrayList<>();
    private ConfigurableApplicationContext context;
    private ImageService images;
    private Layout layout;

    @BeforeAll
    static void makeImages() throws IOException {
        Path oci = shared.resolve("oci");
        OciLayout.busybox(oci, "one");
        OciLayout.addFile(oci, "one", "two", "/etc/added", "added\n".getBytes(StandardCharsets.UTF_8));
        for (String tag : List.of("one", "two")) {
            Commands.run("skopeo", "copy", "--quiet", "--insecure-policy", "oci:" + oci + ":" + tag,
                    "docker-archive:" + shared.resolve(tag + ".tar") + ":localhost/" + tag + ":1");
            Commands.run("skopeo", "copy", "--quiet", "--insecure-policy", "oci:" + oci + ":" + tag,
                    "oci-archive:" + shared.resolve(tag + ".oci.tar") + ":localhost/" + tag + ":2");
        }
    }

    @BeforeEach
    void open() {
        context = ImageRooms.start(directory);
        ((DefaultListableBeanFactory) context.getBeanFactory()).registerSingleton("users", new ImageUsers() {
            @Override
            public List<Use> uses() {
                return uses;
            }

            @Override
            public void removing(Runnable removal) {
                removal.run();
            }
        });
        images = context.getBean(ImageService.class);
        layout = context.getBean(Layout.class);
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void archivesOfBothKindsAreLoaded() throws IOException {
        load("two.tar");
        load("two.oci.tar");
        assertThat(said).containsExactly("Loaded image: localhost/two:1", "Loaded image: localhost/two:2");
        Image image = images.resolve("localhost/two:1");
        // On top is the directory of the added file, which the second archive does not list.
        assertThat(image.layers()).hasSize(3).allSatisfy(layer -> assertThat(layer).isDirectory());
        assertThat(image.layers().getFirst().resolve("etc")).isEmptyDirectory();
        assertThat(image.layers().get(1).resolve("etc/added")).hasContent("added\n");
        assertThat(image.layers().getLast().resolve("bin/busybox")).isExecutable();
        assertThat(image.config().command()).containsExactly("/bin/sh");
        assertThat(images.resolve("localhost/two:2").layers()).isEqualTo(image.layers());
    }

    /** As umoci unpacks it, and OCI's specification has it. */
    @Test
    void nothingIsSeenBelowALayerWhoseTopHidesIt() throws IOException {
        Path oci = directory.resolve("oci");
        Commands.run("cp", "-a", shared.resolve("oci").toString(), oci.toString());
        Path files = Files.createDirectory(directory.resolve("files"));
        Files.createFile(files.resolve(".wh..wh..opq"));
        Files.createFile(files.resolve("alone"));
        Path tar = directory.resolve("layer.tar");
        Commands.run("tar", "-C", files.toString(), "-cf", tar.toString(), ".wh..wh..opq", "alone");
        Commands.run("umoci", "raw", "add-layer", "--image", oci + ":two", tar.toString());
        OciLayout.addFile(oci, "two", "three", "/etc/later", new byte[0]);
        Path bundle = directory.resolve("bundle");
        Commands.run("umoci", "unpack", "--image", oci + ":three", bundle.toString());
        Commands.run("skopeo", "copy", "--quiet", "--insecure-policy", "oci:" + oci + ":three", "docker-archive:"
                + directory.resolve("three.tar") + ":localhost/three:1");

        loadFile(directory.resolve("three.tar"));

        List<Path> seen = images.resolve("localhost/three:1").layers();
        // Not even the directory of the later file is there to be shown as it was.
        assertThat(seen).hasSize(2);
        assertThat(seen.getFirst().resolve("etc/later")).isEmptyFile();
        assertThat(list(seen.getLast())).containsExactly("alone");
        assertThat(list(bundle.resolve("rootfs"))).containsExactlyInAnyOrder("alone", "etc");
    }

    @Test
    void aLayoutIsLoadedFromADirectoryWithAllItsImages() {
        images.load(shared.resolve("oci"), Optional.empty(), said::add);
        assertThat(said).hasSize(2).allMatch(line -> line.matches("Loaded image ID: sha256:[0-9a-f]{64}"));
        assertThat(images.list()).hasSize(2);
    }

    @Test
    void layersAreUnpackedOnceForAllImages() throws IOException {
        load("one.tar");
        load("two.tar");
        assertThat(layers()).filteredOn(name -> name.matches("[0-9]+")).hasSize(2);
        assertThat(images.resolve("localhost/two:1").layers().getLast())
                .isEqualTo(images.resolve("localhost/one:1").layers().getFirst());
    }

    /** Else who was first would have one that is on record no more. */
    @Test
    void aLayerThatTwoUnpackAtTheSameTimeIsOne() throws IOException {
        Layers unpacked = context.getBean(Layers.class);
        for (int i = 0; i < 20; i++) {
            Files.writeString(directory.resolve("file"), Integer.toString(i));
            Path archive = directory.resolve("layer.tar");
            Commands.run("tar", "-C", directory.toString(), "-cf", archive.toString(), "file");
            CyclicBarrier both = new CyclicBarrier(2);
            List<CompletableFuture<Layers.Layer>> two = Stream.generate(() -> CompletableFuture.supplyAsync(
                    () -> unpack(unpacked, archive, both), task -> Thread.ofPlatform().start(task))).limit(2).toList();
            Layers.Layer layer = two.getFirst().join();
            assertThat(two.getLast().join()).isEqualTo(layer);
            assertThat(unpacked.find(layer.diffId())).contains(layer);
        }
        assertThat(layers()).hasSize(20);
    }

    private static Layers.Layer unpack(Layers layers, Path archive, CyclicBarrier both) {
        try (InputStream in = Files.newInputStream(archive)) {
            return layers.unpack("test", in, null, () -> {
                try {
                    both.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                    throw new IllegalStateException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatIsSavedIsWhatOthersRead() throws IOException {
        load("two.oci.tar");
        Path file = save("localhost/two:2");
        Commands.run("skopeo", "copy", "--quiet", "--insecure-policy", "docker-archive:" + file,
                "oci:" + directory.resolve("from-docker") + ":x");
        Commands.run("skopeo", "copy", "--quiet", "--insecure-policy", "oci-archive:" + file,
                "oci:" + directory.resolve("from-oci") + ":x");
        Path saved = directory.resolve("saved");
        images.save(List.of("localhost/two:2"), saved);
        Commands.run("umoci", "unpack", "--image", saved + ":2", directory.resolve("bundle").toString());
        assertThat(directory.resolve("bundle/rootfs/etc/added")).hasContent("added\n");
    }

    @Test
    void savedAndLoadedAgainItIsTheSameToTheByte() throws IOException {
        load("two.oci.tar");
        Image before = images.resolve("localhost/two:2");
        Path file = save("localhost/two:2");
        byte[] first = Files.readAllBytes(file);
        images.remove("localhost/two:2", false);
        assertThat(layers()).isEmpty();
        assertThat(blobs()).isEmpty();
        loadFile(file);
        Image after = images.resolve("localhost/two:2");
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.manifest()).isEqualTo(before.manifest());
        assertThat(Files.readAllBytes(save("localhost/two:2"))).isEqualTo(first);
    }

    /** Without names they look like one image for several platforms. */
    @Test
    void severalImagesWithoutNamesAreAllSavedAndLoadedAgain() throws IOException {
        images.load(shared.resolve("oci"), Optional.empty(), said::add);
        List<String> ids = images.list().stream().map(Image::id).toList();
        assertThat(ids).hasSize(2);
        Path file = directory.resolve("both.tar");
        try (OutputStream out = Files.newOutputStream(file)) {
            images.save(ids, out);
        }
        ids.forEach(id -> images.remove(id, false));
        assertThat(images.list()).isEmpty();
        loadFile(file);
        assertThat(images.list()).extracting(Image::id).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void aNameGoesBeforeTheImageAndTheImageBeforeItsLayers() throws IOException {
        load("one.tar");
        load("two.tar");
        images.tag("localhost/two:1", "other");
        assertThat(images.remove("other", false)).containsExactly("Untagged: other:latest");
        assertThat(images.remove("localhost/two:1", false)).hasSize(3).first().isEqualTo("Untagged: localhost/two:1");
        assertThat(layers()).hasSize(1);
        images.remove(images.resolve("localhost/one:1").shortId(), false);
        assertThat(layers()).isEmpty();
        assertThat(blobs()).isEmpty();
        assertThatThrownBy(() -> images.remove("localhost/one:1", true)).isInstanceOf(NotFound.class);
    }

    @Test
    void anImageInUseStays() throws IOException {
        load("one.tar");
        Image image = images.resolve("localhost/one:1");
        uses.add(new ImageUsers.Use(image.id(), "c0ffee", true));
        assertThatThrownBy(() -> images.remove("localhost/one:1", true)).isInstanceOf(Conflict.class)
                .hasMessageContaining("the running container c0ffee uses it");
        uses.set(0, new ImageUsers.Use(image.id(), "c0ffee", false));
        assertThatThrownBy(() -> images.remove("localhost/one:1", false)).isInstanceOf(Conflict.class);
        assertThat(images.remove("localhost/one:1", true)).containsExactly("Untagged: localhost/one:1");
        assertThat(images.resolve(image.shortId()).layers().getFirst()).isDirectory();
        assertThat(images.prune(true, _ -> true).lines()).isEmpty();
        uses.clear();
        assertThat(images.prune(false, _ -> true).lines()).contains("Deleted: " + image.id());
        assertThat(layers()).isEmpty();
    }

    @Test
    void anIdWithSeveralNamesIsRemovedByForceOnly() throws IOException {
        load("one.tar");
        images.tag("localhost/one:1", "localhost/one:2");
        assertThatThrownBy(() -> images.remove(images.resolve("localhost/one:1").shortId(), false))
                .isInstanceOf(Conflict.class).hasMessageContaining("localhost/one:1, localhost/one:2");
        images.remove("localhost/one:2", false);
        images.tag("localhost/one:1", "other");
        String id = images.resolve("other").shortId();
        assertThatThrownBy(() -> images.remove(id, false)).isInstanceOf(Conflict.class)
                .hasMessageContaining("localhost/one:1, other:latest");
        assertThat(images.remove(id, true)).contains("Untagged: other:latest", "Untagged: localhost/one:1");
        assertThat(images.list()).isEmpty();
    }

    @Test
    void anArchiveOfARootFileSystemBecomesAnImage() throws IOException {
        Path root = directory.resolve("root");
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/hello"), "hello");
        for (String option : List.of("--gzip", "--xz", "--zstd", "--bzip2", "--no-auto-compress")) {
            Path tar = directory.resolve("root" + option);
            Commands.run("tar", option, "-C", root.toString(), "-cf", tar.toString(), ".");
            Changes changes = Changes.of(List.of("CMD [\"/x\", \"y\"]", "ENV A=1 B=\"two words\"", "EXPOSE 80"));
            try (InputStream in = Files.newInputStream(tar)) {
                images.importArchive("-", in, images.reference("hello"), changes, "made", Platform.host());
            }
            Image image = images.resolve("hello");
            assertThat(image.layers()).singleElement().satisfies(
                    layer -> assertThat(layer.resolve("etc/hello")).hasContent("hello"));
            assertThat(image.config().command()).containsExactly("/x", "y");
            assertThat(image.config().environment()).containsExactly("A=1", "B=two words");
            assertThat(image.config().exposedPorts()).containsExactly("80/tcp");
            assertThat(images.history("hello")).singleElement().satisfies(
                    step -> assertThat(step.comment()).isEqualTo("made"));
            Commands.run("skopeo", "copy", "--quiet", "--insecure-policy", "docker-archive:" + save("hello"),
                    "dir:" + directory.resolve("copy" + option));
        }
        assertThat(layers()).hasSize(1);
    }

    @Test
    void damagedArchivesLeaveNothing() throws IOException {
        byte[] good = Files.readAllBytes(shared.resolve("two.oci.tar"));
        for (int cut : new int[] { 0, 100, 512, good.length / 2 }) {
            Path file = Files.write(directory.resolve("cut.tar"), java.util.Arrays.copyOf(good, cut));
            assertThatThrownBy(() -> loadFile(file)).isInstanceOf(InvalidRequest.class)
                    .hasMessageStartingWith("cannot load '");
        }
        assertThat(images.list()).isEmpty();
        assertThat(list(layout.partialBlobs())).isEmpty();
    }

    @Test
    void aLayerThatIsNotWhatItShouldBeIsNeverVisible() throws IOException {
        Path oci = directory.resolve("bad");
        Commands.run("cp", "-r", shared.resolve("oci").toString(), oci.toString());
        try (Stream<Path> files = Files.list(oci.resolve("blobs/sha256"))) {
            Path largest = files.max(java.util.Comparator.comparingLong(file -> file.toFile().length())).orElseThrow();
            byte[] content = Files.readAllBytes(largest);
            content[content.length / 2] ^= 1;
            Files.write(largest, content);
        }
        assertThatThrownBy(() -> images.load(oci, Optional.empty(), said::add)).isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("has other content");
        assertThat(images.list()).isEmpty();
        assertThat(layers()).isEmpty();
    }

    @Test
    void whatAKilledEngineLeftIsClearedAway() throws IOException {
        load("one.tar");
        Files.createDirectories(layout.unpackingLayer(7).resolve("etc"));
        Files.createDirectories(layout.layer(9).resolve("etc"));
        Files.writeString(layout.blob("f".repeat(64)), "on no record");
        Files.writeString(layout.partialBlob("e".repeat(64)), "to be gone on with");
        Files.writeString(layout.partialBlob("new-1-1"), "nobody's");
        images.recover();
        assertThat(layers()).hasSize(1);
        assertThat(list(layout.partialBlobs())).containsExactly("e".repeat(64));
        assertThat(list(layout.blobs())).doesNotContain("f".repeat(64));
        assertThat(images.resolve("localhost/one:1").layers().getFirst().resolve("bin/busybox")).isExecutable();
    }

    private void load(String file) throws IOException {
        loadFile(shared.resolve(file));
    }

    private void loadFile(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            images.load(file.toString(), in, Optional.empty(), said::add);
        }
    }

    private Path save(String word) throws IOException {
        Path file = directory.resolve("saved.tar");
        try (OutputStream out = Files.newOutputStream(file)) {
            images.save(List.of(word), out);
        }
        return file;
    }

    private List<String> layers() throws IOException {
        return list(layout.layers());
    }

    private List<String> blobs() throws IOException {
        return list(layout.blobs());
    }

    private static List<String> list(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void whatSeveralImagesHaveIsCountedOnceAndWhatIsUsedIsNotReclaimed() throws IOException {
        load("one.tar");
        load("two.tar");
        Image one = images.resolve("localhost/one:1");
        Image two = images.resolve("localhost/two:1");

        ImageSpace space = images.space(Set.of(two.id()));

        long disk = TreeSize.of(layout.layers()) + TreeSize.of(layout.blobs());
        assertThat(space.bytes()).isEqualTo(disk);
        assertThat(space.images()).extracting(ImageSpace.Each::image).containsExactlyInAnyOrder(one, two);
        ImageSpace.Each first = space.images().stream().filter(each -> each.image().equals(one)).findFirst()
                .orElseThrow();
        ImageSpace.Each second = space.images().stream().filter(each -> each.image().equals(two)).findFirst()
                .orElseThrow();
        assertThat(first.shared()).isEqualTo(second.shared()).isGreaterThan(one.bytes());
        assertThat(first.shared() + first.unique() + second.unique()).isEqualTo(disk);
        assertThat(space.reclaimable()).as("its manifest and configuration").isEqualTo(first.unique()).isLessThan(5000);
        assertThat(images.space(Set.of()).reclaimable()).isEqualTo(disk);

        uses.add(new ImageUsers.Use(two.id(), "c0ffee", true));
        assertThat(images.prune(true, _ -> true).bytes()).isEqualTo(first.unique());
        assertThat(TreeSize.of(layout.layers()) + TreeSize.of(layout.blobs())).isEqualTo(disk - first.unique());
    }

    @Test
    void whatWasBrokenOffIsCountedAndGoes() throws IOException {
        Files.createDirectories(layout.partialBlobs());
        Files.write(layout.partialBlob("0".repeat(64)), new byte[12345]);
        assertThat(images.space(Set.of())).isEqualTo(new ImageSpace(List.of(), 0, 0, 1, 12345));
        assertThat(images.prunePartial()).isEqualTo(12345);
        assertThat(layout.partialBlobs()).isEmptyDirectory();
    }

    @Test
    void theLimitsOfArchivesAreConfiguredAndARefusalNamesTheSetting() throws IOException {
        for (String limit : List.of("tiny.archive.bytes=1m", "tiny.archive.entries=5", "tiny.archive.path=3")) {
            context.close();
            context = ImageRooms.start(directory, "--" + limit);
            images = context.getBean(ImageService.class);
            assertThatThrownBy(() -> load("two.tar")).isInstanceOf(InvalidRequest.class)
                    .hasMessageContaining("more than").hasMessageContaining("(" + limit.replaceFirst("=.*", ")"));
            assertThat(images.list()).isEmpty();
            assertThat(layout.layers()).isEmptyDirectory();
        }
        context.close();
        context = ImageRooms.start(directory, "--tiny.archive.bytes=many");
        assertThatThrownBy(() -> context.getBean(ImageService.class))
                .hasStackTraceContaining("cannot read tiny.archive.bytes 'many': it is no number");
        context.close();
        open();
        load("two.tar");
        assertThat(images.list()).hasSize(1);
    }
}
