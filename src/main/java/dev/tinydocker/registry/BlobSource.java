package dev.tinydocker.registry;

import java.io.IOException;
import java.io.InputStream;

/** Bytes that can be read again from the start, once for each attempt to send them. */
@FunctionalInterface
public interface BlobSource {

    /** @return a stream the caller closes */
    InputStream open() throws IOException;
}
