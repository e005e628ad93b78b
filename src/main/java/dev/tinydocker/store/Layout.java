package dev.tinydocker.store;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import java.nio.file.Path;

/**
 * Where everything is kept; no other class joins paths. Three roots: <em>run</em> (sockets, locks and small files, gone after a
 * boot), <em>data</em> (the record, writable layers, logs) and <em>home</em> (the program itself).
 *
 * <pre>
 * run/engine.lock, engine.sock        data/tiny.db             the record
 * run/c/ID/shim.sock, exit, hosts…    data/c/ID/upper, work    the writable layer
 * run/c/ID/root                       data/c/ID/log/log        what it wrote
 * run/c/ID/exec/EXEC/shim.sock, exit  data/rootfs/NAME-KEY     unpacked entries of the catalogue
 *                                     data/engine.log          what the engine wrote
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

    public Path engineLock() {
        return run.resolve("engine.lock");
    }

    public Path engineSocket() {
        return run.resolve("engine.sock");
    }

    public Path engineLog() {
        return data.resolve("engine.log");
    }

    public Path database() {
        return data.resolve("tiny.db");
    }

    /** Holds one directory for each container whose run directory exists. */
    public Path containersRun() {
        return run.resolve("c");
    }

    public Path containerRun(String id) {
        return containersRun().resolve(id);
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

    public Path execRun(String id, String exec) {
        return containerRun(id).resolve("exec").resolve(exec);
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

    /** The native program that holds a container, for this machine's architecture. */
    public Path shimProgram() {
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        return home.resolve("target").resolve("native").resolve(arch).resolve("tiny-shim");
    }
}
