package dev.tinydocker.rootfs;

import dev.tinydocker.linux.Processes;
import dev.tinydocker.linux.Sha256;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.registry.WebFile;
import dev.tinydocker.rootfs.Catalogue.Entry;
import dev.tinydocker.store.TreeDeleter;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The archives in {@code rootfs-cache}, and how one that is missing gets there. The directory belongs to all engines of
 * this program; one caller at a time for each entry.
 */
final class ArchiveCache {

    private static final String WORK = ".work-";
    private static final Pattern WORK_NAME = Pattern.compile(Pattern.quote(WORK) + "([0-9]{1,9})-([0-9]{1,18})-.*");
    private static final long MOST_BYTES = 2L << 30;
    /** What was recorded when an archive was kept that the catalogue has no sum for, as sha256sum(1) writes it. */
    private static final String SUM = ".sha256";
    private static final Pattern SUM_LINE = Pattern.compile("([0-9a-f]{64})\\b.*");

    private final Path directory;

    ArchiveCache(Path directory) {
        this.directory = directory;
    }

    /**
     * What is there already and belongs to the entry. Its key is another one when its content is.
     *
     * @param key of at most 20 letters and digits
     */
    record Kept(Path file, Source.Archive source, String key) {
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
                return Optional.of(new Kept(file, archive, key));
            }
        }
        return Optional.empty();
    }

    /**
     * Gets the entry's archive from the first source that has it.
     *
     * @throws HostLacks where none has, with what each one said
     */
    void fetch(Entry entry, FetchProgress progress) {
        String object = "get the root file system '" + entry.name() + "'";
        List<String> reasons = new ArrayList<>();
        String name = entry.directory() + ".tar.gz";
        boolean summed = false;
        for (Source source : entry.sources()) {
            if (source instanceof Source.Archive archive) {
                name = archive.file();
                summed = !archive.sha256().isEmpty();
            }
            try {
                Path work = workDirectory();
                try {
                    Path part = work.resolve("part");
                    if (get(source, part, work, reasons, progress)) {
                        keep(part, name, summed);
                        return;
                    }
                } finally {
                    TreeDeleter.delete(work);
                }
            } catch (IOException e) {
                reasons.add(reason(e));
                if (Thread.currentThread().isInterrupted()) {
                    break;
                }
            }
        }
        throw new HostLacks(object, String.join("; ", reasons), hint(entry));
    }

    /** What the archive's SHA-256 has to be, by the catalogue or by what was recorded; empty where nobody knows. */
    String wanted(Kept kept) throws IOException {
        if (!kept.source.sha256().isEmpty()) {
            return kept.source.sha256();
        }
        try {
            Matcher line = SUM_LINE.matcher(Files.readString(sumOf(kept.file)).strip());
            return line.matches() ? line.group(1) : "";
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /**
     * Checks the archive against its SHA-256, where that is known.
     *
     * @throws InvalidRequest where it has another one
     */
    void verify(Kept kept) throws IOException {
        String wanted = wanted(kept);
        String sum = wanted.isEmpty() ? "" : sha256(kept.file);
        if (!sum.equals(wanted)) {
            String recorded = kept.source.sha256().isEmpty() ? "'" + sumOf(kept.file) + "'" : "config/rootfs.yml";
            throw wrong(kept.file, sum, wanted, recorded);
        }
    }

    private static InvalidRequest wrong(Path file, String sum, String wanted, String told) {
        return new InvalidRequest("use '" + file + "'", "its SHA-256 is " + sum + " and not " + wanted,
                "delete it or correct " + told + "; somebody may have tampered with it");
    }

    /** Deletes an archive and what was recorded of it; returns how many bytes that gives back. */
    long delete(Kept kept) throws IOException {
        long bytes = Files.size(kept.file);
        Files.deleteIfExists(kept.file);
        Files.deleteIfExists(sumOf(kept.file));
        return bytes;
    }

    private Path sumOf(Path archive) {
        return directory.resolve(archive.getFileName() + SUM);
    }

    private boolean get(Source source, Path part, Path work, List<String> reasons, FetchProgress progress)
            throws IOException {
        switch (source) {
            case Source.Archive archive -> {
                if (archive.url().isEmpty()) {
                    reasons.add("'" + archive.file() + "' is not in '" + directory + "'");
                    return false;
                }
                download(archive, part, progress);
            }
            case Source.Installed(String program) -> {
                if (!BusyboxArchive.isStatic(Path.of(program))) {
                    reasons.add("'" + program + "' is no static program");
                    return false;
                }
                progress.note("laying out '" + program + "' as a root file system");
                BusyboxArchive.write(Path.of(program), part);
            }
            case Source.Package(String name) -> {
                progress.note("fetching the package " + name + " with the system's package client");
                BusyboxArchive.write(DistributionPackage.fetch(DistributionPackage.CLIENT, name, work), part);
            }
            case Source.Bootstrap bootstrap -> Bootstrap.write(bootstrap, part, work, progress);
        }
        return true;
    }

    private static void download(Source.Archive archive, Path part, FetchProgress progress) throws IOException {
        progress.note("downloading " + archive.url());
        WebFile.Content content;
        try {
            content = WebFile.content(archive.url());
        } catch (Problem e) {
            throw new IOException(e.getMessage(), e);
        }
        try (InputStream in = content.body(); OutputStream out = Files.newOutputStream(part)) {
            byte[] buffer = new byte[1 << 16];
            long total = 0;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                total += count;
                if (total > MOST_BYTES) {
                    throw new IOException("'" + archive.url() + "' gives more than " + MOST_BYTES + " bytes");
                }
                out.write(buffer, 0, count);
                progress.bytes(archive.file(), total, Math.max(content.length(), 0));
            }
        }
        String sum = sha256(part);
        if (!archive.sha256().isEmpty() && !sum.equals(archive.sha256())) {
            throw wrong(Path.of(archive.file()), sum, archive.sha256(), "config/rootfs.yml");
        }
    }

    /** Beside the archives, so that one is renamed into its place and is there whole or not at all. */
    private Path workDirectory() throws IOException {
        Files.createDirectories(directory);
        each(WORK + "*", ArchiveCache::deleteIfLeft);
        int self = (int) ProcessHandle.current().pid();
        return Files.createTempDirectory(directory, WORK + self + "-" + Processes.startTime(self).orElse(0) + "-");
    }

    /** Left by an engine that died; another one may be at work beside us. */
    private static void deleteIfLeft(Path work) {
        Matcher name = WORK_NAME.matcher(work.getFileName().toString());
        try {
            if (!name.matches() || !Processes.isAlive(Integer.parseInt(name.group(1)), Long.parseLong(name.group(2)))) {
                TreeDeleter.delete(work);
            }
        } catch (IOException e) {
            // Somebody else has done it.
            return;
        }
    }

    private void each(String pattern, Consumer<Path> visitor) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
            entries.forEach(visitor);
        }
    }

    /** The sum first: an archive that is there has been recorded. */
    private void keep(Path part, String name, boolean summed) throws IOException {
        if (!summed) {
            Path sum = part.resolveSibling("sum");
            Files.writeString(sum, sha256(part) + "  " + name + "\n");
            settle(sum, sumOf(directory.resolve(name)));
        }
        settle(part, directory.resolve(name));
    }

    private static void settle(Path part, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private String hint(Entry entry) {
        Optional<Source.Archive> archive = entry.sources().stream().filter(Source.Archive.class::isInstance)
                .map(Source.Archive.class::cast).findFirst();
        String put = archive.map(found -> "put " + found.file() + " into '" + directory + "'")
                .orElse("add a source to config/rootfs.yml");
        if (entry.sources().stream().anyMatch(Source.Bootstrap.class::isInstance) && !Bootstrap.isPossible()) {
            return "install mmdebstrap or debootstrap, or " + put;
        }
        boolean mirror = archive.isPresent() && !archive.get().sha256().isEmpty() && archive.get().url().isEmpty();
        return mirror ? "set tiny.rootfs.mirror in config/application.yml, or " + put : put;
    }

    static String sha256(Path file) throws IOException {
        Sha256 digest = new Sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
