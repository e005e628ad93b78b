package dev.tinydocker.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.store.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What the shim finds out about owners, and which of that is asked again. */
class IdmappingKernelIT {

    private static final Path PROC = Path.of("/proc");

    @TempDir
    Path home;

    @Test
    void whatFailedForAMomentIsAskedAgain() throws IOException {
        Idmapping idmapping = new Idmapping(new Layout("", "", home.toString()));
        shimSays(2, "user namespaces cannot be made: No space left on device");
        assertThat(idmapping.of(home)).isEqualTo(new Idmapping.Answer(false, true,
                "user namespaces cannot be made: No space left on device"));
        shimSays(0, "");
        assertThat(idmapping.of(home).possible()).isTrue();
        shimSays(2, "it cannot show other owners: Operation not permitted");
        assertThat(idmapping.of(home).possible()).as("and is known then").isTrue();
        assertThat(idmapping.of(PROC).possible()).as("of another file system").isFalse();
    }

    @Test
    void whatAFileSystemCannotIsKnown() throws IOException {
        Idmapping idmapping = new Idmapping(new Layout("", "", home.toString()));
        shimSays(1, "its file system cannot show other owners");
        assertThat(idmapping.of(home).why()).isEqualTo("its file system cannot show other owners");
        shimSays(0, "");
        assertThat(idmapping.of(home).possible()).isFalse();
        assertThat(idmapping.of(home.resolve("missing")).possible()).isTrue();
    }

    @Test
    void aShimThatHasNotSaidAnythingHasNotFoundOutThatItIsPossible() throws IOException {
        Idmapping idmapping = new Idmapping(new Layout("", "", home.toString()));
        shimSays(134, "");
        assertThat(idmapping.of(home).possible()).isFalse();
    }

    @Test
    void theShimTellsAFileSystemsAnswerFromAFailure() throws Exception {
        assertThat(status("/proc")).isEqualTo(1);
        assertThat(status(home.resolve("missing").toString())).isEqualTo(2);
        Idmapping idmapping = new Idmapping(new Layout("", "", ""));
        assertThat(idmapping.of(PROC)).isEqualTo(new Idmapping.Answer(false, false,
                "its file system cannot show other owners"));
    }

    private static int status(String path) throws Exception {
        return new ProcessBuilder(new Layout("", "", "").shimProgram().toString(), "--idmap", path)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    }

    private void shimSays(int status, String words) throws IOException {
        Path shim = new Layout("", "", home.toString()).shimProgram();
        Files.createDirectories(shim.getParent());
        Files.writeString(shim, "#!/bin/sh\necho '" + words + "'\nexit " + status + "\n");
        Files.setPosixFilePermissions(shim, PosixFilePermissions.fromString("rwx------"));
    }
}
