package dev.tinydocker.linux;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.StringArray;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Processes of the host: started without a fork of the JVM, signalled, reaped, told apart. */
public final class Processes {

    private static final short POSIX_SPAWN_SETSIGDEF = 4;
    private static final short POSIX_SPAWN_SETSIGMASK = 8;
    private static final short POSIX_SPAWN_SETSID = 0x80;
    private static final int O_RDWR = 2;
    private static final int O_WRONLY_CREAT_APPEND = 1 | 0x40 | 0x400;

    /** Held for reading while a program is being started: until it is executed, it has all that this JVM has open. */
    private static final ReadWriteLock STARTS = new ReentrantReadWriteLock();
    private static final @Nullable Function CLOSE_FROM = closeFrom();

    private Processes() {
    }

    /** Null before glibc 2.34. */
    private static @Nullable Function closeFrom() {
        try {
            return NativeLibrary.getInstance("c").getFunction("posix_spawn_file_actions_addclosefrom_np");
        } catch (UnsatisfiedLinkError e) {
            return null;
        }
    }

    /**
     * Closes what nobody else is to have open afterwards: no program is being started meanwhile.
     *
     * @param close is short, for starts wait until it has returned
     */
    public static void closeForAll(Runnable close) {
        STARTS.writeLock().lock();
        try {
            close.run();
        } finally {
            STARTS.writeLock().unlock();
        }
    }

    /**
     * Starts a program as the JDK does, which closes what the program is not to have before it executes it.
     *
     * @throws IOException as of {@link ProcessBuilder#start}
     */
    public static Process start(ProcessBuilder builder) throws IOException {
        STARTS.readLock().lock();
        try {
            return builder.start();
        } finally {
            STARTS.readLock().unlock();
        }
    }

    /**
     * Starts a program in a session of its own, with an empty environment, /dev/null as standard input and output,
     * {@code log} as standard error and one inherited descriptor as number 3. posix_spawn(3): the JVM is not copied,
     * the call takes 0.2 ms. It has nothing else that is open here, although a JVM's descriptors are not
     * close-on-exec; before glibc 2.34 the program must itself close that.
     *
     * @return its pid; the caller reaps it with {@link #reap}
     * @throws SyscallException if it cannot be started
     */
    public static int spawn(Path program, List<String> argv, int descriptor, Path log) {
        STARTS.readLock().lock();
        try {
            return spawned(program, argv, descriptor, log);
        } finally {
            STARTS.readLock().unlock();
        }
    }

    private static int spawned(Path program, List<String> argv, int descriptor, Path log) {
        // glibc's types are smaller (80 and 336 bytes); sigset_t is 128.
        try (Memory actions = new Memory(256); Memory attributes = new Memory(512); Memory none = new Memory(128);
                Memory all = new Memory(128); Memory pid = new Memory(4)) {
            none.clear();
            all.setMemory(0, all.size(), (byte) 0xff);
            Libc.posix_spawn_file_actions_init(actions);
            Libc.posix_spawnattr_init(attributes);
            try {
                Libc.posix_spawn_file_actions_adddup2(actions, descriptor, 3);
                Libc.posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDWR, 0);
                Libc.posix_spawn_file_actions_adddup2(actions, 0, 1);
                Libc.posix_spawn_file_actions_addopen(actions, 2, log.toString(), O_WRONLY_CREAT_APPEND, 0600);
                if (CLOSE_FROM != null) {
                    CLOSE_FROM.invokeInt(new Object[] { actions, 4 });
                }
                Libc.posix_spawnattr_setflags(attributes,
                        (short) (POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID));
                Libc.posix_spawnattr_setsigmask(attributes, none);
                Libc.posix_spawnattr_setsigdefault(attributes, all);
                int errno = Libc.posix_spawn(pid, program.toString(), actions, attributes,
                        new StringArray(argv.toArray(String[]::new)), new StringArray(new String[0]));
                if (errno != 0) {
                    throw new SyscallException("posix_spawn", program.toString(), errno);
                }
                return pid.getInt(0);
            } finally {
                Libc.posix_spawnattr_destroy(attributes);
                Libc.posix_spawn_file_actions_destroy(actions);
            }
        }
    }

    /**
     * Waits for a child that is about to end, and forgets it. waitpid(2). Blocks: platform threads only. A pid that is
     * no child of this JVM, as a shim started by an earlier engine, is left alone.
     */
    public static void reap(int pid) {
        try (Memory status = new Memory(4)) {
            while (Libc.waitpid(pid, status, 0) < 0 && Native.getLastError() == Errno.EINTR) {
                // A signal of this JVM's has come in between.
            }
        }
    }

    /**
     * Sends a signal. kill(2).
     *
     * @return false if the process is gone
     * @throws SyscallException for any other failure
     */
    public static boolean kill(int pid, int signal) {
        if (Libc.kill(pid, signal) == 0) {
            return true;
        }
        int errno = Native.getLastError();
        if (errno == Errno.ESRCH) {
            return false;
        }
        throw new SyscallException("kill", pid + " " + Signal.name(signal), errno);
    }

    /**
     * Kills a process that leads a group, and with it the group; nothing where it is gone. kill(2).
     *
     * @param startTime the leader's, as {@link #startTime} tells it
     */
    public static void killGroup(int leader, long startTime) {
        if (isAlive(leader, startTime)) {
            kill(-leader, Signal.SIGKILL);
        }
    }

    /**
     * When a process started, in clock ticks since boot: field 22 of /proc/PID/stat, proc(5). With the pid it names one
     * process for good. Empty if the process is gone or a zombie.
     */
    public static OptionalLong startTime(int pid) {
        String[] fields = stat(pid);
        return fields.length == 0 ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(fields[19]));
    }

    /** Who started a process, or has taken it over. Empty if the process is gone or a zombie. */
    public static OptionalInt parent(int pid) {
        String[] fields = stat(pid);
        return fields.length == 0 ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(fields[1]));
    }

    /** The fields of /proc/PID/stat from the third on; none of a process that is gone or a zombie. */
    private static String[] stat(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // The second field is the name in parentheses and may hold blanks and parentheses itself.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean zombie = fields[0].equals("Z") || fields[0].equals("X");
            return zombie ? new String[0] : fields;
        } catch (IOException e) {
            return new String[0];
        }
    }

    /** Whether the very process that had this pid and {@link #startTime} is alive. */
    public static boolean isAlive(int pid, long startTime) {
        OptionalLong now = startTime(pid);
        return now.isPresent() && now.getAsLong() == startTime;
    }

    /** The effective user, geteuid(2). */
    public static int effectiveUser() {
        return Libc.geteuid();
    }
}
