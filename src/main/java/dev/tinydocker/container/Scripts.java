package dev.tinydocker.container;

import java.util.function.Consumer;

/** Plans as scripts that people can read, and execute by hand. */
public interface Scripts {

    /**
     * A script of sh(1) that makes the container by hand, and takes it away again; nothing is executed.
     *
     * @param command as the user has typed it
     * @param notice told, a line each, what this host cannot do as asked
     * @throws ImageMissing where the image is to be pulled first
     */
    String script(ContainerSpec spec, String command, Consumer<String> notice);
}
