package dev.tinydocker.plan;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A step the engine does on the host. What each one leaves behind is undone in reverse order. */
public sealed interface HostStep extends Step {

    @Override
    default String who() {
        return "engine";
    }

    @Override
    default String phase() {
        return this instanceof MakeCgroup || this instanceof SetCgroup ? "cgroup"
                : this instanceof Label ? "security" : "files";
    }

    @Override
    default List<KernelCall> calls() {
        return KernelCalls.host(this);
    }

    /** Makes a directory and its missing parents; undone by deleting it with all it holds. */
    record MakeDirectory(Path path, int mode, String why) implements HostStep {
        @Override
        public String what() {
            return "make the directory " + path;
        }
    }

    /** Gives a directory its owner and the twelve permission bits; undone with the directory. */
    record Own(Path path, int user, int group, int mode, String why) implements HostStep {
        @Override
        public String what() {
            return "give " + path + " to " + Integer.toUnsignedString(user) + ":" + Integer.toUnsignedString(group)
                    + " with mode " + Integer.toOctalString(mode);
        }
    }

    /** Writes a whole file; undone with its directory. */
    record WriteFile(Path path, byte[] content, int mode, String why) implements HostStep {

        /** A text file that everybody may read. */
        public static WriteFile text(Path path, String content, String why) {
            return new WriteFile(path, content.getBytes(StandardCharsets.UTF_8), 0644, why);
        }

        @Override
        public String what() {
            return "write " + path;
        }
    }

    /** Sets SELinux's label of a file, or of a directory with or without all that is in it; undone with the file. */
    record Label(Path path, String label, boolean all, String why) implements HostStep {
        @Override
        public String what() {
            return "label " + path + (all ? " and all in it " : " ") + label;
        }
    }

    /** Makes a cgroup, cgroups(7); undone by rmdir(2), after whatever still runs in it was killed. */
    record MakeCgroup(Path path, String why) implements HostStep {
        @Override
        public String what() {
            return "make the cgroup " + path;
        }
    }

    /** Keeps the processes of a cgroup v2 from devices that no rule allows, bpf(2); goes with the cgroup. */
    record FilterDevices(Path cgroup, List<String> rules, String why) implements HostStep {
        @Override
        public String what() {
            return "allow in " + cgroup + " the devices " + String.join(", ", rules) + " only";
        }
    }

    /** Writes a value into a file of a cgroup; goes with the cgroup. */
    record SetCgroup(Path file, String value, String why) implements HostStep {
        @Override
        public String what() {
            return "set " + file.getFileName() + " to " + value;
        }
    }
}
