package dev.tinydocker.archive;

import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;

import java.util.Map;

/** What is told of an archive that cannot be unpacked. */
final class UnpackProblems {

    private static final String ATTRIBUTE = "the kernel takes no attribute of that length";

    private UnpackProblems() {
    }

    /** The archive is to blame. @param entry what was being unpacked */
    static InvalidRequest refused(String entry, String why, Throwable cause) {
        return new InvalidRequest("unpack " + entry, why,
                "the archive is damaged or not meant well: get it again, from a source you trust", cause);
    }

    /** The system is to blame, or the archive where the errno says so. */
    static Problem failed(String entry, SyscallException e) {
        Map<Integer, String> ofTheArchive = Map.of(Errno.ENAMETOOLONG, "a name on its way is longer than 255 bytes",
                Errno.EINVAL, String.valueOf(e.getMessage()), Errno.ERANGE, ATTRIBUTE, Errno.E2BIG, ATTRIBUTE);
        if (e.errno() == Errno.EROFS) {
            return new SystemFailure("write " + entry, "the place is read-only", "choose one that is not", e);
        }
        String why = ofTheArchive.get(e.errno());
        return why != null ? refused(entry, why, e)
                : new SystemFailure("unpack " + entry, String.valueOf(e.getMessage()),
                        "is there room, and is it a file system of Linux that keeps owners and attributes?", e);
    }
}
