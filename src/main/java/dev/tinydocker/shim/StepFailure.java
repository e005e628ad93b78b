package dev.tinydocker.shim;

import dev.tinydocker.linux.Errno;

/** The step of a plan that failed: its place among the shim's steps, its errno, and what the shim has to add. */
public record StepFailure(int index, int errno, String detail) {

    /** The errno by name and meaning, and the detail. */
    public String reason() {
        String reason = errno == 0 ? "" : Errno.describe(errno);
        return detail.isEmpty() ? reason : reason.isEmpty() ? detail : detail + ": " + reason;
    }
}
