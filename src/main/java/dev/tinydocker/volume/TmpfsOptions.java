package dev.tinydocker.volume;

import dev.tinydocker.linux.ByteSize;
import dev.tinydocker.linux.HostMemory;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Reads the options of one {@code --tmpfs}: those of tmpfs(5) that Docker takes too, of two alike the last. */
final class TmpfsOptions {

    /** The highest number that a user can have: the one above it stands for none, chown(2). */
    private static final long MOST_ID = 0xffff_fffeL;
    /** Each is counted as so many bytes of one number of 64 bits. */
    private static final long INODE = 1024;

    private final MountParser.Asked asked;
    private final List<String> permits = new ArrayList<>();
    private @Nullable Long size;
    private @Nullable Integer mode;
    private @Nullable Long uid;
    private @Nullable Long gid;
    private @Nullable Long inodes;
    private boolean readOnly;
    private boolean exec;

    TmpfsOptions(MountParser.Asked asked) {
        this.asked = asked;
    }

    Mount.Tmpfs read(String target, List<String> options) {
        for (String option : options) {
            int equals = option.indexOf('=');
            if (equals < 0) {
                word(option);
            } else {
                number(option, option.substring(0, equals), option.substring(equals + 1));
            }
        }
        return new Mount.Tmpfs(target, size, mode, readOnly, exec, uid, gid, inodes, permits);
    }

    private void word(String option) {
        switch (option) {
            case "ro", "rw" -> readOnly = option.equals("ro");
            case "exec", "noexec" -> exec = option.equals("exec");
            case "suid", "dev" -> {
                permits.remove(option);
                permits.add(option);
            }
            case "nosuid", "nodev" -> permits.remove(option.substring("no".length()));
            // So it is anyway: there is no disk to wait for.
            case "defaults", "sync", "async", "dirsync" -> { }
            default -> throw unknown(option);
        }
    }

    private void number(String option, String key, String value) {
        switch (key) {
            case "size" -> size = value.endsWith("%") ? share(value.substring(0, value.length() - 1))
                    : asked.size(value);
            case "nr_blocks" -> size = count(value, Long.MAX_VALUE / HostMemory.pageBytes()) * HostMemory.pageBytes();
            case "nr_inodes" -> inodes = count(value, Long.MAX_VALUE / INODE);
            case "mode" -> mode = asked.mode(value);
            case "uid" -> uid = id(value);
            case "gid" -> gid = id(value);
            default -> throw unknown(option);
        }
    }

    private RuntimeException unknown(String option) {
        return asked.invalid("there is no option '" + option + "'", "there are size=SIZE, nr_blocks=COUNT, "
                + "nr_inodes=COUNT, mode=OCTAL, uid=NUMBER, gid=NUMBER, exec, suid, dev, these with no before, ro, rw");
    }

    private long share(String percents) {
        if (!percents.matches("[0-9]{1,4}")) {
            throw asked.invalid("'" + percents + "%' is not a part of this host's memory", "give one as in 10%");
        }
        return HostMemory.read().total() / 100 * Integer.parseInt(percents);
    }

    private long count(String value, long most) {
        return ByteSize.parse(value, 1024).stream().filter(number -> number <= most).findFirst().orElseThrow(
                () -> asked.invalid("'" + value + "' is not a count", "give a number, as in 1000 or 10k"));
    }

    private long id(String value) {
        if (!value.matches("[0-9]{1,10}") || Long.parseLong(value) > MOST_ID) {
            throw asked.invalid("'" + value + "' is not the number of a user or a group",
                    "give one as the container has it, as in uid=1000");
        }
        return Long.parseLong(value);
    }
}
