package dev.tinydocker.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * The files of an archive one after the other, for whoever wants their content and no directory of them. However large
 * they are, nothing in the archive makes it take more memory than a few names.
 */
public final class ArchiveFiles {

    /** What an entry is; all that has no content and is no link is something else. */
    public enum Kind {
        FILE, LINK, SYMBOLIC_LINK, OTHER
    }

    /**
     * An entry.
     *
     * @param name as it was written, not checked
     * @param link the target of a link, else empty; not checked either
     */
    public record Entry(Kind kind, String name, String link) {
    }

    private final TarInput in;

    /** @param tar decompressed; the caller closes it */
    public ArchiveFiles(InputStream tar) {
        in = new TarInput(tar, Limits.ENDLESS);
    }

    /**
     * The next entry; empty at the end, when the stream is read whole.
     *
     * @throws IOException what the stream throws, or that the archive is damaged
     */
    public Optional<Entry> next() throws IOException {
        try {
            TarEntry entry = in.next();
            if (entry != null && entry.sparse() != null) {
                // A few bytes of it can be a file that fills any disk.
                throw new DamagedArchive("'" + entry.said() + "' has holes");
            }
            return Optional.ofNullable(entry).map(found -> new Entry(kind(found.kind()), text(found.name()),
                    text(found.link())));
        } catch (DamagedArchive e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Kind kind(byte kind) {
        return switch (kind) {
            case TarHeader.FILE -> Kind.FILE;
            case TarHeader.LINK -> Kind.LINK;
            case TarHeader.SYMLINK -> Kind.SYMBOLIC_LINK;
            default -> Kind.OTHER;
        };
    }

    private static String text(byte[] name) {
        return new String(name, StandardCharsets.UTF_8);
    }

    /** The content of the entry that came last; it need not be read. */
    public InputStream content() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                Objects.checkFromIndexSize(offset, length, bytes.length);
                if (length == 0 || in.left() == 0) {
                    return length == 0 ? 0 : -1;
                }
                try {
                    return in.read(bytes, offset, length);
                } catch (DamagedArchive e) {
                    throw new IOException(e.getMessage(), e);
                }
            }
        };
    }
}
