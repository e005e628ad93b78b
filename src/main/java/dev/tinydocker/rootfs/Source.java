package dev.tinydocker.rootfs;

import java.util.List;

/** Where the files of an entry of the catalogue come from. */
sealed interface Source {

    /**
     * An archive in the cache.
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

    /**
     * Packages of a distribution, installed into an empty directory by mmdebstrap(1) or debootstrap(8).
     *
     * @param distribution as its registries say it, Debian or Ubuntu
     * @param suite as in {@code trixie}
     * @param variant what is installed besides the packages, as both programs call it
     */
    record Bootstrap(String distribution, String suite, String variant, List<String> packages) implements Source {
    }
}
