package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

/** Lines of mountinfo, hostile ones among them. */
class MountinfoTests {

    private static Mountinfo only(String text) {
        List<Mountinfo> all = Mountinfo.visible(text);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    @Test
    void fieldsThatMayBeMissingAreSkipped() {
        Mountinfo mount = only("36 35 98:0 /sub /place rw,nodev master:1 shared:2 - ext4 /dev/sda1 rw,errors=continue\n");
        assertThat(mount.root()).isEqualTo("/sub");
        assertThat(mount.target()).isEqualTo("/place");
        assertThat(mount.options()).containsExactly("rw", "nodev");
        assertThat(mount.type()).isEqualTo("ext4");
        assertThat(mount.option("errors")).isEqualTo("continue");
        assertThat(mount.option("nothing")).isEmpty();
    }

    @Test
    void theLastOfSeveralOnOnePlaceIsSeen() {
        assertThat(only("1 0 0:1 / /a rw - tmpfs one rw\n2 0 0:2 / /a ro - tmpfs two rw\n").source()).isEqualTo("two");
    }

    @Test
    void whatIsWrittenAsOctalNumbersIsRead() {
        assertThat(only("1 0 0:1 / /a\\040b\\011\\134x rw - tmpfs none rw\n").target()).isEqualTo("/a b\t\\x");
        assertThat(only("1 0 0:1 / /a\\9zz rw - tmpfs none rw\n").target()).isEqualTo("/a\\9zz");
    }

    @Test
    void linesThatAreNoneAreLeftOut() {
        assertThat(Mountinfo.visible("\nnonsense\n1 2 3 - \n1 0 0:1 / /a rw - tmpfs\n")).isEmpty();
    }

    @Test
    void theHostsPathIsThatOfTheNearestMountOfTheSameFileSystem() {
        List<Mountinfo> host = Mountinfo.visible("""
                1 0 8:1 / / rw - ext4 /dev/sda1 rw
                2 1 8:1 /var/data /data rw - ext4 /dev/sda1 rw
                3 1 0:9 / /run rw - tmpfs tmpfs rw
                """);
        assertThat(only("9 8 8:1 /var/data/web /in rw - ext4 /dev/sda1 rw\n").on(host)).contains(Path.of("/data/web"));
        assertThat(only("9 8 8:1 /var/database /in rw - ext4 /dev/sda1 rw\n").on(host))
                .contains(Path.of("/var/database"));
        assertThat(only("9 8 0:9 /c/hosts /etc/hosts rw - tmpfs tmpfs rw\n").on(host)).contains(Path.of("/run/c/hosts"));
        assertThat(only("9 8 8:1 /var/data /in rw - ext4 /dev/sda1 rw\n").on(host)).contains(Path.of("/data"));
        assertThat(only("9 8 7:7 /x /in rw - ext4 /dev/sdb rw\n").on(host)).isEmpty();
    }

    @Test
    void layersWithCommasInTheirNamesStayWhole() {
        assertThat(only("1 0 0:1 / / rw - overlay overlay rw,lowerdir=/a\\134,b,upperdir=/u\n").option("lowerdir"))
                .isEqualTo("/a\\,b");
    }
}
