package dev.tinydocker.image;

import dev.tinydocker.archive.ArchiveSettings;
import dev.tinydocker.archive.Compression;
import dev.tinydocker.archive.ImpliedDirectories;
import dev.tinydocker.archive.LayerReader;
import dev.tinydocker.archive.Unpacked;
import dev.tinydocker.archive.Whiteouts;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.store.Layout;
import dev.tinydocker.store.TreeDeleter;
import org.apache.commons.io.input.CloseShieldInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Unpacked layers: a directory each, once for all images that have it; not visible before it is whole. */
@Component
class Layers {

    private static final Logger LOG = LoggerFactory.getLogger(Layers.class);
    private static final int BUFFER = 1 << 16;
    private static final String DAMAGED = "the image is damaged; get it again from its maker";

    private final Layout layout;
    private final ArchiveSettings settings;
    private final ImageRecord record;
    private final Disk disk = new Disk();
    private final AtomicLong last = new AtomicLong(-1);
    private final SeenLayers seen;

    Layers(Layout layout, ImageRecord record, ArchiveSettings settings) {
        this.layout = layout;
        this.seen = new SeenLayers(layout);
        this.settings = settings;
        this.record = record;
    }

    /** A layer that is there; numbers name directories. */
    record Layer(long number, String diffId, long bytes) {
    }

    Optional<Layer> find(String diffId) {
        return record.layer(diffId).filter(layer -> Files.isDirectory(layout.layer(layer.number())));
    }

    /**
     * The layer in a blob that is kept: the one that is here, once it was seen to be this blob's, or else unpacked. Who
     * has a blob, and names somebody else's layer behind it, gets nothing of it.
     */
    Layer of(String what, String blob, Path file, String diffId) {
        Optional<Layer> here = find(diffId);
        if (here.isPresent() && record.isLayer(blob, diffId)) {
            return here.get();
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            if (here.isPresent()) {
                verify(what, in, diffId, () -> { });
            }
            Layer layer = here.isPresent() ? here.get() : unpack(what, in, diffId, () -> { });
            record.layerBlob(blob, Files.size(file), diffId);
            return layer;
        } catch (IOException e) {
            throw new SystemFailure(what, "'" + file + "' cannot be unpacked: " + e.getMessage(), "", e);
        }
    }

    /**
     * Reads a stream to its end, and looks whether it is this layer.
     *
     * @param verified as for {@link #unpack}
     */
    void verify(String what, InputStream compressed, String diffId, Verification verified) throws IOException {
        try (DigestInputStream tar = opened(compressed)) {
            tar.transferTo(OutputStream.nullOutputStream());
            verified.check();
            check(what, diffId, Digest.of(tar.getMessageDigest()));
        } catch (Compression.Damaged e) {
            throw damaged(what, diffId, e);
        }
    }

    /** Closing it ends the decompression, and leaves what is decompressed open. */
    private DigestInputStream opened(InputStream compressed) throws IOException {
        return new DigestInputStream(decompressed(CloseShieldInputStream.wrap(compressed)), Digest.sha256());
    }

    private static InvalidRequest damaged(String what, @Nullable String diffId, Compression.Damaged e) {
        String layer = diffId == null ? "the layer" : "the layer " + diffId;
        // What is beyond a limit says so, and may be whole.
        return new InvalidRequest(what, layer + " cannot be decompressed: " + e.getMessage(),
                e.getCause() == null ? "" : DAMAGED, e);
    }

    private static void check(String what, @Nullable String wanted, String diffId) {
        if (wanted != null && !diffId.equals(wanted)) {
            throw new InvalidRequest(what, "the layer " + wanted + " is " + diffId + " when unpacked", DAMAGED);
        }
    }

    /**
     * Unpacks a layer from a stream, which is read to the end of its archive. The caller closes it.
     *
     * @param what the deed and its object, for the error
     * @param diffId what the archive's digest must be; null where it is whatever it is
     * @param verified run before the layer becomes visible: throws where the stream was not what it should have been
     */
    Layer unpack(String what, InputStream compressed, @Nullable String diffId,
            Verification verified) throws IOException {
        long number = nextNumber();
        Path directory = layout.unpackingLayer(number);
        Blobs.makeDirectory(layout.layers());
        try {
            Files.createDirectory(directory);
            return unpack(what, compressed, diffId, directory, number, verified);
        } catch (Compression.Damaged e) {
            throw damaged(what, diffId, e);
        } finally {
            // Where it is the layer now, it has another name.
            discard(directory);
        }
    }

    /** A stream without its compression, where that is no more than is allowed. */
    InputStream decompressed(InputStream compressed) throws IOException {
        return Compression.decompressed(compressed, settings.limits());
    }

    private Unpacked unpack(String what, InputStream tar, Path directory) throws IOException {
        try {
            return LayerReader.unpackUnsynced(tar, directory, settings.limits(), Whiteouts.OVERLAY);
        } catch (InvalidRequest e) {
            throw new InvalidRequest(what, String.valueOf(e.getMessage()), e.hint(), e);
        } catch (SystemFailure e) {
            throw Blobs.full(what, e, "").orElseGet(() -> new SystemFailure(what, String.valueOf(e.getMessage()),
                    e.hint(), e));
        }
    }

    /** Looks at what was read beside the unpacking. */
    interface Verification {
        void check() throws IOException;
    }

    private Layer unpack(String what, InputStream compressed, @Nullable String wanted,
            Path directory, long number, Verification verified) throws IOException {
        try (DigestInputStream tar = opened(compressed)) {
            Unpacked unpacked = unpack(what, tar, directory);
            // What follows the end of the archive belongs to its digest.
            tar.transferTo(OutputStream.nullOutputStream());
            verified.check();
            String diffId = Digest.of(tar.getMessageDigest());
            check(what, wanted, diffId);
            disk.settle(layout.layers());
            return keep(directory, new Layer(number, diffId, unpacked.bytes()), unpacked.entries());
        }
    }

    /** Makes it visible, unless somebody has unpacked the same meanwhile: then that one is it. */
    private synchronized Layer keep(Path directory, Layer layer, long entries) throws IOException {
        Optional<Layer> other = find(layer.diffId());
        if (other.isPresent()) {
            return other.get();
        }
        Files.move(directory, layout.layer(layer.number()), StandardCopyOption.ATOMIC_MOVE);
        return record.add(layer, entries);
    }

    /** Unpacks what is kept as a blob. */
    Layer unpack(String what, Path blob, @Nullable String diffId) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(blob), BUFFER)) {
            return unpack(what, in, diffId, () -> { });
        } catch (IOException e) {
            throw new SystemFailure(what, "'" + blob + "' cannot be unpacked: " + e.getMessage(), "", e);
        }
    }

    /** Deletes the files of a layer that is off the record. */
    void delete(long number) {
        Path leaving = layout.leavingLayer(number);
        try {
            Files.move(layout.layer(number), leaving, StandardCopyOption.ATOMIC_MOVE);
            TreeDeleter.delete(leaving);
        } catch (NoSuchFileException e) {
            LOG.debug("layer {} was gone", number);
        } catch (IOException e) {
            throw Blobs.failure("delete", leaving, e);
        }
    }

    /**
     * Makes what an image needs on top of its layers, the lowest first; most need nothing, and so has one that has it.
     */
    synchronized void stack(String imageId, List<Layer> lowestFirst) {
        Path top = layout.imageTop(Digest.hex(imageId));
        List<Path> layers = seen.topmostFirst(lowestFirst.stream().map(Layer::number).toList());
        if (Files.isDirectory(top) || layers.stream().noneMatch(ImpliedDirectories::isIn)) {
            return;
        }
        Path making = layout.unpackingLayer(nextNumber());
        try {
            Files.createDirectory(making);
            if (ImpliedDirectories.make(layers, making)) {
                disk.settle(layout.layers());
                Files.move(making, top, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw Blobs.failure("write", making, e);
        } finally {
            discard(making);
        }
    }

    /** Makes the names of layers as lasting as their files: not every file system keeps them with a later record. */
    void settle() {
        // There are images without any.
        Blobs.makeDirectory(layout.layers());
        Blobs.settle(layout.layers());
    }

    /** What a container of the image sees, the topmost first. */
    List<Path> stacked(String imageId, List<Long> lowestFirst) {
        List<Path> layers = new ArrayList<>();
        Path top = layout.imageTop(Digest.hex(imageId));
        if (Files.isDirectory(top)) {
            layers.add(top);
        }
        layers.addAll(seen.topmostFirst(lowestFirst));
        return layers;
    }

    /** Deletes what images had on top that are no more. */
    void deleteTops(Set<String> images) {
        Set<String> tops = tops(images);
        delete(name -> name.startsWith("i") && !tops.contains(name));
    }

    /** After an engine has died: deletes what is not whole or on no record. */
    void recover(Set<String> recorded, Set<String> images) {
        Set<String> tops = tops(images);
        delete(name -> !recorded.contains(name) && !tops.contains(name));
    }

    private Set<String> tops(Set<String> images) {
        return images.stream().map(id -> layout.imageTop(Digest.hex(id)).getFileName().toString())
                .collect(Collectors.toSet());
    }

    private void delete(Predicate<String> names) {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(layout.layers())) {
            for (Path directory : directories) {
                if (names.test(directory.getFileName().toString())) {
                    TreeDeleter.delete(directory);
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("no layers yet");
        } catch (IOException e) {
            throw Blobs.failure("clean", layout.layers(), e);
        }
    }

    private synchronized long nextNumber() {
        if (last.get() < 0) {
            last.set(record.lastLayer());
        }
        return last.incrementAndGet();
    }

    private static void discard(Path directory) {
        try {
            TreeDeleter.delete(directory);
        } catch (IOException e) {
            LOG.warn("cannot delete {}; the next start of the engine tries again", directory, e);
        }
    }
}
