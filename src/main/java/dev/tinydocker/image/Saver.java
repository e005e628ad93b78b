package dev.tinydocker.image;

import dev.tinydocker.image.ImageRecord.Name;
import dev.tinydocker.image.ImageRecord.Placed;
import dev.tinydocker.image.ImageRecord.Row;
import dev.tinydocker.problem.SystemFailure;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes images as an OCI layout that is an archive of Docker's as well; the blobs are as they came. */
@Component
class Saver {

    private final ImageStore store;
    private final ImageRecord record;
    private final Blobs blobs;

    Saver(ImageStore store, ImageRecord record, Blobs blobs) {
        this.store = store;
        this.record = record;
        this.blobs = blobs;
    }

    /** What is written and where. */
    private interface Target {
        void blob(String digest) throws IOException;

        void document(String name, byte[] content) throws IOException;
    }

    /** The caller closes the stream. */
    void save(List<String> words, OutputStream out) {
        try {
            TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            write(words, new Target() {
                @Override
                public void blob(String digest) throws IOException {
                    entry(tar, "blobs/sha256/" + Digest.hex(digest), blobs.size(digest));
                    try (InputStream in = Files.newInputStream(blobs.file(digest))) {
                        in.transferTo(tar);
                    }
                    tar.closeArchiveEntry();
                }

                @Override
                public void document(String name, byte[] content) throws IOException {
                    entry(tar, name, content.length);
                    tar.write(content);
                    tar.closeArchiveEntry();
                }
            });
            tar.finish();
            out.flush();
        } catch (IOException e) {
            throw new SystemFailure("save '" + String.join("', '", words) + "'", "it cannot be written: "
                    + e.getMessage(), "", e);
        }
    }

    private static void entry(TarArchiveOutputStream tar, String name, long size) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(size);
        entry.setMode(0644);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
    }

    /** Into a directory, which is made where there is none. */
    void save(List<String> words, Path directory) {
        words.forEach(store::get);
        try {
            Path content = directory.resolve("blobs").resolve("sha256");
            Files.createDirectories(content);
            write(words, new Target() {
                @Override
                public void blob(String digest) throws IOException {
                    Files.copy(blobs.file(digest), content.resolve(Digest.hex(digest)),
                            StandardCopyOption.REPLACE_EXISTING);
                }

                @Override
                public void document(String name, byte[] bytes) throws IOException {
                    Files.write(directory.resolve(name), bytes);
                }
            });
        } catch (IOException e) {
            throw Blobs.failure("write", directory, e);
        }
    }

    /** What is written is not cleared away meanwhile, whoever removes the image. */
    private void write(List<String> words, Target target) throws IOException {
        try (Traffic.Entry _ = store.receiving()) {
            writeKept(words, target);
        }
    }

    private void writeKept(List<String> words, Target target) throws IOException {
        // All are found before anything is written.
        Map<Row, Set<String>> wanted = new LinkedHashMap<>();
        for (String word : words) {
            Set<String> names = wanted.computeIfAbsent(store.get(word), _ -> new LinkedHashSet<>());
            Optional<Name> name = store.nameOf(word);
            name.ifPresent(found -> names.add(store.familiar(found.repository()) + ":" + found.tag()));
        }
        Set<String> needed = new LinkedHashSet<>();
        List<Object> index = new ArrayList<>();
        List<Object> docker = new ArrayList<>();
        for (Map.Entry<Row, Set<String>> image : wanted.entrySet()) {
            Row row = image.getKey();
            List<String> layers = record.layersOf(row.id()).stream().map(Placed::blob).toList();
            needed.addAll(layers);
            needed.add(row.id());
            needed.add(row.manifest());
            docker.add(docker(row, layers, image.getValue()));
            index.addAll(members(row, image.getValue()));
        }
        for (String digest : needed) {
            target.blob(digest);
        }
        target.document("index.json", json(ordered("schemaVersion", 2, "mediaType", MediaTypes.OCI_INDEX, "manifests",
                index)));
        target.document("manifest.json", json(docker));
        target.document("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII));
    }

    private static Map<String, Object> docker(Row row, List<String> layers, Set<String> names) {
        return ordered("Config", "blobs/sha256/" + Digest.hex(row.id()), "RepoTags", List.copyOf(names), "Layers",
                layers.stream().map(layer -> "blobs/sha256/" + Digest.hex(layer)).toList());
    }

    private List<Object> members(Row row, Set<String> names) {
        List<Object> members = new ArrayList<>();
        Platform platform = store.config(row.id()).platform();
        for (String name : names.isEmpty() ? Set.of("") : names) {
            Map<String, Object> member = Loader.descriptor(row.manifestType(), row.manifest(),
                    blobs.size(row.manifest()));
            if (!name.isEmpty()) {
                Reference reference = store.reference(name);
                member.put("annotations", ordered("io.containerd.image.name", reference.toString(),
                        "org.opencontainers.image.ref.name", reference.tagOrDigest()));
            }
            member.put("platform", platform.variant().isEmpty()
                    ? ordered("architecture", platform.architecture(), "os", platform.os())
                    : ordered("architecture", platform.architecture(), "os", platform.os(), "variant",
                            platform.variant()));
            members.add(member);
        }
        return members;
    }

    private static byte[] json(Object value) {
        return Manifest.JSON.writeValueAsBytes(value);
    }

    /** Keys and values in turn, kept in their order. */
    static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
