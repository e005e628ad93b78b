package dev.tinydocker.image;

import dev.tinydocker.image.ImageRecord.Placed;
import dev.tinydocker.image.ImageStore.Parts;
import dev.tinydocker.image.LayoutSource.Content;
import dev.tinydocker.image.Layers.Layer;
import dev.tinydocker.image.Manifest.Descriptor;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Makes an image of a container: the layers of its image, and what it has written as one more. */
@Component
class Committer {

    private static final int BUFFER = 1 << 18;

    private final ImageStore store;
    private final ImageRecord record;
    private final Blobs blobs;
    private final Layers layers;

    Committer(ImageStore store, ImageRecord record, Blobs blobs, Layers layers) {
        this.store = store;
        this.record = record;
        this.blobs = blobs;
        this.layers = layers;
    }

    /** Returns the new image's id. What was written is gone again where this fails. */
    String commit(Snapshot snapshot, Snapshot.Words words) {
        String what = "commit '" + snapshot.container() + "'";
        try (Traffic.Entry _ = store.receiving()) {
            List<Layer> all = new ArrayList<>();
            List<Descriptor> kept = new ArrayList<>();
            if (snapshot.base() != null) {
                for (Placed placed : record.layersOf(store.get(snapshot.base()).id())) {
                    all.add(new Layer(placed.number(), placed.diffId(), placed.bytes()));
                    kept.add(descriptor(placed.blob()));
                }
            }
            if (snapshot.layer() != null) {
                Content packed = pack(what, snapshot.layer(), all);
                kept.add(descriptor(packed.digest()));
            }
            byte[] base = snapshot.base() == null ? null : blobs.read(store.get(snapshot.base()).id());
            byte[] config = ConfigEditor.of(base).commit(snapshot, words, all.stream().map(Layer::diffId).toList());
            Parts parts = new Parts(Loader.manifest(config, kept), MediaTypes.OCI_MANIFEST, config, all,
                    kept.stream().map(Descriptor::id).toList());
            return store.commit(parts, id -> name(words.name(), id));
        } catch (RuntimeException e) {
            store.sweep();
            throw e;
        }
    }

    private void name(@Nullable Reference name, String id) {
        if (name != null) {
            record.name(name.repository(), name.tagOrDigest(), id, null);
        }
    }

    private Descriptor descriptor(String digest) {
        return Descriptor.of(Loader.mediaType(blobs.file(digest)), digest, blobs.size(digest));
    }

    /** Packs the layer, keeps it as a blob, and adds it to the layers. */
    private Content pack(String what, Snapshot.Packing layer, List<Layer> all) {
        Path file = blobs.scratch();
        try {
            MessageDigest whole = Digest.sha256();
            MessageDigest content = Digest.sha256();
            try (OutputStream out = new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file),
                    BUFFER), whole); OutputStream tar = new DigestOutputStream(new Gzip(out), content)) {
                layer.pack(tar);
            }
            Content packed = new Content(file, Digest.of(whole), Files.size(file));
            String diffId = Digest.of(content);
            all.add(layers.find(diffId).orElseGet(() -> layers.unpack(what, file, diffId)));
            blobs.keep(packed);
            record.layerBlob(packed.digest(), packed.bytes(), diffId);
            return packed;
        } catch (IOException e) {
            SystemFailure cause = Blobs.failure("write", file, e);
            throw new SystemFailure(what, cause.line(), "", e);
        } finally {
            Blobs.delete(file);
        }
    }

    /** Quick rather than small: most of it is read once, when the image is pushed. */
    private static final class Gzip extends GZIPOutputStream {

        Gzip(OutputStream out) throws IOException {
            super(out, BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
