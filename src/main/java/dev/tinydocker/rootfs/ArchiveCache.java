package dev.tinydocker.rootfs;

import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.rootfs.Catalogue.Entry;
import dev.tinydocker.store.TreeDeleter;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The archives in {@code rootfs-cache}, and how one that is missing gets there. One caller at a time. */
final class ArchiveCache {

    private final Path directory;

    ArchiveCache(Path directory) {
        this.directory = directory;
    }

    /**
     * What is there already and belongs to the entry. Its key is another one when its content is.
     *
     * @param key of at most 20 letters and digits
     */
    record Kept(Path file, String key) {
    }

    /** The entry's archive if it is there; not read, so not verified. */
    Optional<Kept> kept(Entry entry) throws IOException {
        for (Source source : entry.sources()) {
            if (source instanceof Source.Archive archive && Files.exists(directory.resolve(archive.file()))) {
                Path file = directory.resolve(archive.file());
                String key = archive.sha256().isEmpty()
                        ? Long.toHexString(Files.size(file))
                        + Long.toHexString(Files.getLastModifiedTime(file).toMillis())
                        : archive.sha256().substring(0, 16);
                return Optional.of(new Kept(file, key));
            }
        }
        return Optional.empty();
    }

    /**
     * Gets the entry's archive from the first source that has it.
     *
     * @throws HostLacks where none has, with what each one said
     */
    void fetch(Entry entry, Consumer<String> progress) {
        String object = "get the root file system '" + entry.name() + "'";
        List<String> reasons = new ArrayList<>();
        String name = entry.name() + ".tar.gz";
        for (Source source : entry.sources()) {
            name = source instanceof Source.Archive archive ? archive.file() : name;
            try {
                Path work = workDirectory();
                try {
                    Path part = work.resolve("part");
                    if (get(source, part, work, reasons, progress)) {
                        keep(part, directory.resolve(name));
                        return;
                    }
                } finally {
                    TreeDeleter.delete(work);
                }
            } catch (IOException e) {
                reasons.add(reason(e));
            }
        }
        throw new HostLacks(object, String.join("; ", reasons), hint(entry));
    }

    /** Checks the archive against the entry's SHA-256, where it has one. */
    void verify(Entry entry, Path file) throws IOException {
        for (Source source : entry.sources()) {
            if (source instanceof Source.Archive archive && file.endsWith(archive.file())) {
                verify(archive, file, file);
            }
        }
    }

    private boolean get(Source source, Path part, Path work, List<String> reasons, Consumer<String> progress)
            throws IOException {
        switch (source) {
            case Source.Archive archive -> {
                if (archive.url().isEmpty()) {
                    reasons.add("'" + archive.file() + "' is not in '" + directory + "'");
                    return false;
                }
                progress.accept("downloading " + archive.url());
                Download.fetch(archive.url(), part);
                verify(archive, part, Path.of(archive.url()).getFileName());
            }
            case Source.Installed(String program) -> {
                if (!BusyboxArchive.isStatic(Path.of(program))) {
                    reasons.add("'" + program + "' is no static program");
                    return false;
                }
                progress.accept("laying out '" + program + "' as a root file system");
                BusyboxArchive.write(Path.of(program), part);
            }
            case Source.Package(String name) -> {
                progress.accept("fetching the package " + name + " with the system's package client");
                BusyboxArchive.write(DistributionPackage.fetch(DistributionPackage.CLIENT, name, work), part);
            }
        }
        return true;
    }

    private static void verify(Source.Archive archive, Path file, Path called) throws IOException {
        String sum = archive.sha256().isEmpty() ? "" : sha256(file);
        if (!sum.equals(archive.sha256())) {
            throw new InvalidRequest("use '" + called + "'", "its SHA-256 is " + sum + " and not " + archive.sha256(),
                    "delete it or correct config/rootfs.yml; somebody may have tampered with it");
        }
    }

    /** Beside the archives, so that one is renamed into its place and is there whole or not at all. */
    private Path workDirectory() throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> left = Files.list(directory)) {
            for (Path old : left.filter(path -> path.getFileName().toString().startsWith(".work-")).toList()) {
                TreeDeleter.delete(old);
            }
        }
        return Files.createTempDirectory(directory, ".work-");
    }

    private static void keep(Path part, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private String hint(Entry entry) {
        Optional<Source.Archive> archive = entry.sources().stream().filter(Source.Archive.class::isInstance)
                .map(Source.Archive.class::cast).findFirst();
        boolean mirror = archive.isPresent() && !archive.get().sha256().isEmpty() && archive.get().url().isEmpty();
        String put = archive.map(found -> "put " + found.file() + " into '" + directory + "'")
                .orElse("add a source to config/rootfs.yml");
        return mirror ? "set tiny.rootfs.mirror in config/application.yml, or " + put : put;
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
