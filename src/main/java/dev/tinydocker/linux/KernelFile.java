package dev.tinydocker.linux;

import dev.tinydocker.problem.SystemFailure;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A file that the kernel makes up while it is read, below /proc, /sys and cgroups: short, and without a size. A scrape
 * reads thousands of them.
 */
public final class KernelFile {

    private static final int USUAL = 4096;
    /** What is shorter is whole after one read: the kernel ends one early only where a line does not fit the rest. */
    private static final int ONE_READ = USUAL / 2;

    /** Each thread's own: a new one for every file was most of what a scrape left to the garbage collector. */
    private static final ThreadLocal<byte[]> BUFFER = ThreadLocal.withInitial(() -> new byte[USUAL]);

    private KernelFile() {
    }

    /**
     * The whole text; empty where there is no such file, because the kernel has none or because what it tells of is
     * gone, also while it is read.
     */
    public static String read(Path file) {
        byte[] bytes = BUFFER.get();
        int length = 0;
        try (FileInputStream in = new FileInputStream(file.toString())) {
            for (int read = in.read(bytes); read > 0; read = in.read(bytes, length, bytes.length - length)) {
                length += read;
                if (length < ONE_READ) {
                    break;
                }
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, 2 * length);
                }
            }
        } catch (FileNotFoundException e) {
            return "";
        } catch (IOException e) {
            // ENODEV, ESRCH: the cgroup or the process went meanwhile. EOPNOTSUPP: pressure that is switched off.
            if (!Files.exists(file) || String.valueOf(e.getMessage()).contains("not supported")) {
                return "";
            }
            throw new SystemFailure("read '" + file + "'", FileFailures.reason(e), "", e);
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
