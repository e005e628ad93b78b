package dev.tinydocker.shell;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;

/** Which program this is: its version, and the commit it was built from where that is known. */
@Component
final class ProgramVersion {

    private final String text;

    ProgramVersion(ObjectProvider<BuildProperties> build) {
        BuildProperties properties = build.getIfAvailable();
        String commit = properties == null ? null : properties.get("commit");
        this.text = (properties == null ? "(not built by Maven)" : properties.getVersion())
                + (commit == null || commit.isEmpty() ? "" : ", commit " + commit);
    }

    /** As in {@code 0.1.0, commit 3f2a9c1}. */
    @Override
    public String toString() {
        return text;
    }
}
