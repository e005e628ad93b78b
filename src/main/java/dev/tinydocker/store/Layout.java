package dev.tinydocker.store;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import java.nio.file.Path;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where everything is kept; the names of these directories are nowhere else. Three roots: <em>run</em> (sockets, locks
 * and small files, gone after a boot), <em>data</em> (the record, writable layers, logs) and <em>home</em> (the program
 * itself).
 *
 * <pre>
 * run/engine.lock, engine.sock        data/tiny.db             the record
 * run/c/ID/shim.sock, exit, hosts…    data/c/ID/upper, work    the writable layer
 * run/c/ID/root                       data/c/ID/log/log        what it wrote
 * run/e/EXEC/shim.sock, exit          data/rootfs/NAME-KEY     unpacked entries of the catalogue
 *                                     data/l/N                 layers of images, unpacked
 *                                     data/l/iHEX              what an image has on top of them
 *                                     data/blobs/sha256/HEX    layers as they came, manifests
 *                                     data/volumes/NAME/_data  volumes that outlive containers
 *                                     data/seccomp/HEX         filters of system calls
 *                                     data/engine.log          what the engine wrote
 *                                     data/reserve             room for removals on a full disk
 * </pre>
 */
@Component
public class Layout {

    private final Path run;
    private final Path data;
    private final Path home;

    public Layout(@Value("${tiny.run.root}") String run, @Value("${tiny.data.root}") String data,
            @Value("${tiny.home}") String home) {
        this.run = Path.of(run).toAbsolutePath().normalize();
        this.data = Path.of(data).toAbsolutePath().normalize();
        this.home = Path.of(home).toAbsolutePath().normalize();
    }

    public Path runRoot() {
        return run;
    }

    public Path dataRoot() {
        return data;
    }

    /** The directory of the program: {@code config}, {@code rootfs-cache} and the launcher are in it. */
    public Path home() {
        return home;
    }

    /** What the one engine of the run root holds locked. */
    public Path engineLock() {
        return run.resolve("engine.lock");
    }

    public Path engineSocket() {
        return run.resolve("engine.sock");
    }

    /** Where the socket is while it may not be connected to: it is bound here, and renamed. */
    public Path hiddenEngineSocket() {
        return run.resolve("engine.new");
    }

    public Path engineLog() {
        return data.resolve("engine.log");
    }

    Path reserve() {
        return data.resolve("reserve");
    }

    /** What was typed at the prompt. */
    public Path history() {
        return data.resolve("history");
    }

    public Path database() {
        return data.resolve("tiny.db");
    }

    /** Holds one directory for each container whose run directory exists. */
    public Path containersRun() {
        return run.resolve("c");
    }

    /** Named by the first 32 digits: a socket's path has 107 bytes at most. */
    public Path containerRun(String id) {
        return containersRun().resolve(id.substring(0, 32));
    }

    /** The socket of the shim in a run directory: a container's, or that of one exec. */
    public Path shimSocket(Path runDirectory) {
        return runDirectory.resolve("shim.sock");
    }

    /** The exit record in a run directory. */
    public Path exitRecord(Path runDirectory) {
        return runDirectory.resolve("exit");
    }

    /** What the shim itself says before it dies, in a run directory. */
    public Path shimLog(Path runDirectory) {
        return runDirectory.resolve("shim.log");
    }

    /** Where the container's root is mounted, seen only from inside its mount namespace. */
    public Path mountPoint(String id) {
        return containerRun(id).resolve("root");
    }

    /** Holds one directory for each exec whose run directory exists. */
    public Path execsRun() {
        return run.resolve("e");
    }

    public Path execRun(String exec) {
        return execsRun().resolve(exec);
    }

    /**
     * Where a container's files are mounted while somebody looks at them, seen only from inside that mount namespace.
     */
    public Path viewMountPoint(String exec) {
        return execRun(exec).resolve("root");
    }

    /** The same as seen from outside, through a process in there. */
    public Path viewRoot(int pid, String exec) {
        return Path.of("/proc/" + pid + "/root" + viewMountPoint(exec));
    }

    /** The root of a process, proc(5): the dot makes it the directory and not the link to it. */
    public Path processRoot(int pid) {
        return Path.of("/proc/" + pid + "/root/.");
    }

    /** What lessons that are under way have made, a directory for each number; gone with them. */
    public Path lessons() {
        return data.resolve("lessons");
    }

    /** Holds one directory for each container whose data directory exists. */
    public Path containersData() {
        return data.resolve("c");
    }

    public Path containerData(String id) {
        return containersData().resolve(id);
    }

    public Path upper(String id) {
        return containerData(id).resolve("upper");
    }

    public Path work(String id) {
        return containerData(id).resolve("work");
    }

    /** What is written to the volumes that an image wants, by their places: they are numbered in this order. */
    public SortedMap<String, Path> volumeUppers(String id, Collection<String> targets) {
        SortedMap<String, Path> uppers = new TreeMap<>();
        new TreeSet<>(targets).forEach(target -> uppers.put(target, volumeUpper(id, uppers.size())));
        return uppers;
    }

    /** The same of one of them. @param volume its number */
    public Path volumeUpper(String id, int volume) {
        return volume(id, volume).resolve("upper");
    }

    /** What overlayfs needs beside it. */
    public Path volumeWork(String id, int volume) {
        return volume(id, volume).resolve("work");
    }

    private Path volume(String id, int volume) {
        return containerData(id).resolve("v").resolve(Integer.toString(volume));
    }

    /** Holds one directory for each volume, and those on their way in and out, whose names begin with a dot. */
    public Path volumes() {
        return data.resolve("volumes");
    }

    public Path volume(String name) {
        return volumes().resolve(name);
    }

    /** The files of a volume. */
    public Path volumeData(String name) {
        return volume(name).resolve("_data");
    }

    /** What a volume is to have. */
    public Path volumeFilling(String name) {
        return volumes().resolve(".filling-" + name);
    }

    /** A volume that is being deleted. */
    public Path volumeLeaving(String name) {
        return volumes().resolve(".leaving-" + name);
    }

    public Path logDirectory(String id) {
        return containerData(id).resolve("log");
    }

    public Path logFile(String id) {
        return logDirectory(id).resolve("log");
    }

    /** Unpacked root file systems of the catalogue. */
    public Path rootfsTrees() {
        return data.resolve("rootfs");
    }

    /** Archives of root file systems, kept with the program. */
    public Path rootfsCache() {
        return home.resolve("rootfs-cache");
    }

    /** The catalogue of root file systems. */
    public Path rootfsCatalogue() {
        return home.resolve("config").resolve("rootfs.yml");
    }

    /** Holds one directory for each unpacked layer, and those on their way in and out, whose names begin with a dot. */
    public Path layers() {
        return data.resolve("l");
    }

    /** The files of a layer. The name is short: overlayfs takes a page of names. */
    public Path layer(long number) {
        return layers().resolve(Long.toString(number));
    }

    /** What an image has on top of its layers, by the 64 digits of its id; beside them, so that it can be stacked. */
    public Path imageTop(String hex) {
        return layers().resolve("i" + hex);
    }

    /** A layer, or what an image has on top of them, by the name that an overlay has it by. */
    public Path layer(String name) {
        return layers().resolve(name);
    }

    /** A layer that is not whole yet. */
    public Path unpackingLayer(long number) {
        return layers().resolve(".unpacking-" + number);
    }

    /** A layer that is being deleted. */
    public Path leavingLayer(long number) {
        return layers().resolve(".leaving-" + number);
    }

    /** Whole files, named by the 64 digits of their SHA-256. */
    public Path blobs() {
        return data.resolve("blobs").resolve("sha256");
    }

    public Path blob(String hex) {
        return blobs().resolve(hex);
    }

    /** Files on their way to {@link #blobs}. */
    public Path partialBlobs() {
        return data.resolve("blobs").resolve("partial");
    }

    /** A file that is not whole yet: named by the digits it is to have, or by what is writing it. */
    public Path partialBlob(String name) {
        return partialBlobs().resolve(name);
    }

    /** The profile of system calls that comes with the program. */
    public Path seccompProfile() {
        return home.resolve("config").resolve("seccomp").resolve("builtin.json");
    }

    /** A filter of system calls as the kernel takes it, by the digest of what it was made from. */
    public Path seccompFilter(String hex) {
        return data.resolve("seccomp").resolve(hex);
    }

    /** The native program that holds a container, for this machine's architecture. */
    public Path shimProgram() {
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        return home.resolve("target").resolve("native").resolve(arch).resolve("tiny-shim");
    }
}
