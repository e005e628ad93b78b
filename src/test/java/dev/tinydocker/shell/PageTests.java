package dev.tinydocker.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageTests {

    private static final String PAGE = new Page().section("MOUNTS", "/proc/1/mountinfo")
            .line("/data                      ext4     nodev,idmapped             the host's /srv/volumes/data")
            .line("  + /" + "x".repeat(90)).line("mnt  4026532177  what is mounted where").toString();

    @Test
    void aNarrowTerminalGetsWhatDoesNotFitBelow() {
        assertThat(Page.fitted(PAGE, 60)).isEqualTo("MOUNTS" + " ".repeat(60 - 6 - 17) + "/proc/1/mountinfo\n"
                + "  /data                      ext4     nodev,idmapped\n"
                + " ".repeat(29) + "the host's /srv/volumes/data\n"
                + "    + /" + "x".repeat(90) + "\n"
                + "  mnt  4026532177  what is mounted where\n");
    }

    @Test
    void aWideOneAndAPipeGetItAsItIs() {
        assertThat(Page.fitted(PAGE, 0)).isEqualTo(PAGE);
        assertThat(Page.fitted(PAGE, 120)).isEqualTo(PAGE);
    }
}
