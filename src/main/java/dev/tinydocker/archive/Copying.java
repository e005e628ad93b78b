package dev.tinydocker.archive;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import org.apache.commons.io.input.CloseShieldInputStream;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Copies files from one root to another, as an archive that nobody keeps. Platform threads only; an interrupt ends it.
 */
public final class Copying {

    private Copying() {
    }

    /**
     * Copies.
     *
     * @param what the deed and its objects, for errors
     * @param target its directory is closed with that
     * @return how many bytes the archive had
     */
    public static long copy(String what, CopySource source, CopyTarget target, Landing landing) {
        byte[] as;
        try {
            as = target.nameOf(what, source);
        } catch (InvalidRequest e) {
            target.directory().close();
            throw e;
        }
        return through(what, out -> source.pack(out, as), target.directory(), landing);
    }

    /**
     * Copies what a stack of layers shows as one directory, as it is, its own owner and permissions among it.
     *
     * @param layers the topmost first
     * @param into a directory that is empty
     */
    public static void merged(String what, List<Path> layers, Path into) {
        through(what, out -> LayerWriter.packMerged(layers, out, _ -> false), DirectoryHandle.open(into),
                Landing.LAYER);
    }

    private interface Packing {
        void pack(OutputStream out) throws IOException;
    }

    private static long through(String what, Packing source, DirectoryHandle into, Landing landing) {
        try {
            Pipe pipe = Pipe.open();
            Counting out = new Counting(Channels.newOutputStream(pipe.sink()));
            FutureTask<Boolean> packing = new FutureTask<>(() -> {
                try (out) {
                    source.pack(out);
                }
                return true;
            });
            Thread packer = Thread.ofPlatform().daemon().name("copy").start(packing);
            try (InputStream in = Channels.newInputStream(pipe.source())) {
                LayerReader.unpackInto(in, into, landing);
            } catch (IOException | RuntimeException e) {
                packer.interrupt();
                throw first(what, packing, e);
            }
            packing.get();
            return out.count;
        } catch (IOException | ExecutionException e) {
            throw new SystemFailure(what, FileFailures.reasonWithFile(e), "", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SystemFailure(what, "it was interrupted", "", e);
        }
    }

    /**
     * Puts what is in an archive into a directory.
     *
     * @param archive compressed or not; the caller closes it
     */
    public static void unpack(String what, InputStream archive, CopyTarget target, Landing landing) {
        if (!target.isDirectory()) {
            target.directory().close();
            throw new InvalidRequest(what, "an archive can be copied into a directory only", "name one that is there");
        }
        boolean begun = false;
        try (InputStream tar = Compression.decompressed(CloseShieldInputStream.wrap(archive))) {
            begun = true;
            LayerReader.unpackInto(tar, target.directory(), landing);
        } catch (IOException | RuntimeException e) {
            throw problem(what, e);
        } finally {
            if (!begun) {
                target.directory().close();
            }
        }
    }

    /** Of two failures the one that caused the other: an archive that ends early is the packer's doing. */
    private static Problem first(String what, FutureTask<Boolean> packing, Exception unpacking) {
        try {
            packing.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Problem || e.getCause() instanceof SyscallException) {
                return problem(what, (Exception) e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return problem(what, unpacking);
    }

    private static Problem problem(String what, Exception e) {
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return e instanceof InvalidRequest refused ? new InvalidRequest(what, why, refused.hint(), e)
                : new SystemFailure(what, why, e instanceof Problem problem ? problem.hint() : "", e);
    }

    private static final class Counting extends FilterOutputStream {

        private long count;

        Counting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count += length;
        }
    }
}
