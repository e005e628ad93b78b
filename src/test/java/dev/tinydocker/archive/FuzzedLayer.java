package dev.tinydocker.archive;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.FileStat;
import dev.tinydocker.problem.InvalidRequest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What {@link LayerFuzzer} has done with one made-up archive, many thousand times, in a process of its own: it is
 * refused as an archive that is wrong, or it unpacks; then it comes back out of an archive of ours as the same tree. In
 * both cases nothing beside the directory has changed.
 */
public final class FuzzedLayer {

    private static final Limits LIMITS = new Limits(1 << 20, 200, 4095, 200);
    private static final Path SURROUNDING = Path.of(System.getProperty("tiny.fuzz.surrounding"));
    private static final byte[] ROOT = SampleTree.bytes("root");
    private static final byte[] COPY = SampleTree.bytes("copy");

    private FuzzedLayer() {
    }

    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        byte[] archive = withSums(bytes);
        try (DirectoryHandle surrounding = DirectoryHandle.open(SURROUNDING);
                DirectoryHandle outside = surrounding.directory(SampleTree.bytes("outside"))) {
            surrounding.makeDirectory(ROOT, 0755);
            surrounding.makeDirectory(COPY, 0755);
            FileStat before = surrounding.stat();
            FileStat beforeOutside = outside.stat();
            FileStat beforeSecret = outside.stat(SampleTree.bytes("secret"));
            try {
                roundTrip(archive);
            } catch (InvalidRequest e) {
                if (!e.getMessage().startsWith("cannot unpack ")) {
                    throw e;
                }
            }
            check(before.equals(surrounding.stat()), "the directory above");
            check(beforeOutside.equals(outside.stat()), "the directory beside");
            check(beforeSecret.equals(outside.stat(SampleTree.bytes("secret"))), "the file beside");
            surrounding.removeAll(ROOT);
            surrounding.removeAll(COPY);
        }
    }

    private static void roundTrip(byte[] archive) throws IOException {
        Path root = SURROUNDING.resolve("root");
        Path copy = SURROUNDING.resolve("copy");
        LayerReader.unpack(new ByteArrayInputStream(archive), root, LIMITS, Whiteouts.OVERLAY);
        String tree = TreeListing.of(root, true);
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        LayerWriter.pack(root, again, Whiteouts.OVERLAY);
        LayerReader.unpack(new ByteArrayInputStream(again.toByteArray()), copy, Limits.DEFAULT, Whiteouts.OVERLAY);
        check(withoutDeletions(tree).equals(withoutDeletions(TreeListing.of(copy, true))),
                "the tree that came back");
    }

    /** A deletion has neither owner nor time, wherever it came from. */
    private static String withoutDeletions(String listing) {
        return listing.replaceAll("(?m)^(\\S+) 2[0-7]{4} .* 0:0$", "$1 deleted");
    }

    private static void check(boolean same, String what) {
        if (!same) {
            throw new AssertionError(what + " is not what it was");
        }
    }

    /** Few archives would be looked into if their headers' sums had to be guessed: they are put right first. */
    private static byte[] withSums(byte[] bytes) {
        byte[] archive = bytes.clone();
        byte[] magic = "ustar".getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at + TarHeader.BLOCK <= archive.length; at += TarHeader.BLOCK) {
            if (Arrays.equals(archive, at + 257, at + 262, magic, 0, 5)) {
                byte[] header = Arrays.copyOfRange(archive, at, at + TarHeader.BLOCK);
                TarHeader.sum(header);
                System.arraycopy(header, 0, archive, at, TarHeader.BLOCK);
            }
        }
        return archive;
    }
}
