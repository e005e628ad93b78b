package dev.tinydocker.rootfs;

/** Where the files of an entry of the catalogue come from. */
sealed interface Source {

    /**
     * A .tar.gz in the cache.
     *
     * @param file its name there
     * @param url where it is downloaded from, empty where it is not
     * @param sha256 in hexadecimal digits, empty where it is not verified
     */
    record Archive(String file, String url, String sha256) implements Source {
    }

    /** A static busybox of this host. */
    record Installed(String program) implements Source {
    }

    /** A package of this host's distribution that holds a static busybox. */
    record Package(String name) implements Source {
    }
}
