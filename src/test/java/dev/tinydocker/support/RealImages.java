package dev.tinydocker.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Images of real programs, made of Debian's packages by {@code src/test/images/make}: each is Debian's base, a layer
 * with the program, and what starts it.
 */
public final class RealImages {

    /** The tags they have in the layout. */
    public static final List<String> TAGS = List.of("nginx", "python", "postgres");

    private RealImages() {
    }

    /** The OCI layout that has them; takes a minute where they are not made yet. */
    public static Path layout() throws IOException {
        return Path.of(Commands.run("src/test/images/make").strip());
    }
}
