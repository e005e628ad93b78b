package dev.tinydocker.image;

import dev.tinydocker.image.ImageStore.Parts;
import dev.tinydocker.image.Layers.Layer;
import dev.tinydocker.image.Manifest.Descriptor;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes an image of one layer from an archive of a root file system. */
@Component
class Importer {

    private final ImageStore store;
    private final ImageRecord record;
    private final Blobs blobs;
    private final Layers layers;

    Importer(ImageStore store, ImageRecord record, Blobs blobs, Layers layers) {
        this.store = store;
        this.record = record;
        this.blobs = blobs;
        this.layers = layers;
    }

    /** Returns the image's id. The caller closes the stream. */
    String take(String what, InputStream archive, @Nullable Reference name, Changes changes, String message,
            Platform platform) {
        try (Traffic.Entry _ = store.receiving(); InputStream in = storable(what, archive)) {
            Path file = blobs.scratch();
            try (OutputStream copy = new BufferedOutputStream(Files.newOutputStream(file), 1 << 18)) {
                BlobIntake intake = new BlobIntake(in, copy, _ -> { });
                Layer layer = layers.unpack(what, intake, null, intake::finish);
                copy.flush();
                return keep(file, intake, layer, name, changes, message, platform);
            } finally {
                Blobs.delete(file);
            }
        } catch (IOException e) {
            throw Blobs.full(what, e, "").orElseGet(() -> new SystemFailure(what, "it cannot be read: "
                    + e.getMessage(), "", e));
        }
    }

    /** As it is where registries would take it so; else without its compression. */
    private InputStream storable(String what, InputStream archive) throws IOException {
        BufferedInputStream in = new BufferedInputStream(archive, 1 << 18);
        in.mark(6);
        byte[] first = in.readNBytes(6);
        in.reset();
        if (first.length == 0) {
            throw new InvalidRequest(what, "it is empty", "give a tar archive, compressed or not");
        }
        return MediaTypes.ofLayer(first) == null ? layers.decompressed(in) : in;
    }

    private String keep(Path file, BlobIntake intake, Layer layer, @Nullable Reference name, Changes changes,
            String message, Platform platform) {
        String digest = intake.digest();
        blobs.keep(file, digest);
        record.layerBlob(digest, intake.count(), layer.diffId());
        byte[] config = config(layer.diffId(), changes, message, platform);
        Descriptor blob = Descriptor.of(Loader.mediaType(blobs.file(digest)), digest, intake.count());
        Parts parts = new Parts(Loader.manifest(config, List.of(blob)), MediaTypes.OCI_MANIFEST, config,
                List.of(layer), List.of(digest));
        return store.commit(parts, id -> {
            if (name != null) {
                record.name(name.repository(), name.tagOrDigest(), id, null);
            }
        });
    }

    private static byte[] config(String diffId, Changes changes, String message, Platform platform) {
        String now = Instant.now().toString();
        Map<String, Object> document = Saver.ordered("created", now, "architecture", platform.architecture(), "os",
                platform.os());
        if (!platform.variant().isEmpty()) {
            document.put("variant", platform.variant());
        }
        document.put("config", changes.config(List.of()));
        document.put("rootfs", Saver.ordered("type", "layers", "diff_ids", List.of(diffId)));
        document.put("history", new ArrayList<>(List.of(Saver.ordered("created", now, "comment", message))));
        return Manifest.JSON.writeValueAsBytes(document);
    }
}
