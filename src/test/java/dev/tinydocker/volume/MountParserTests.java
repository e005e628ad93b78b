package dev.tinydocker.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.linux.HostMemory;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.volume.Mount.Bind;
import dev.tinydocker.volume.Mount.Tmpfs;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;

class MountParserTests {

    private static final Path CWD = Path.of("/home/me");

    @Test
    void aVolumeIsABindThatMakesItsSource() {
        assertThat(MountParser.volume("/src:/dst", CWD))
                .isEqualTo(new Bind("/src", "/dst", false, true, true, "rprivate", List.of()));
        assertThat(MountParser.volume("/src:/dst:ro", CWD))
                .isEqualTo(new Bind("/src", "/dst", true, true, true, "rprivate", List.of()));
        assertThat(MountParser.volume("/src:/dst/:rslave,ro,cached", CWD))
                .isEqualTo(new Bind("/src", "/dst", true, true, true, "rslave", List.of()));
    }

    @Test
    void setUidFilesAndDevicesHaveAnEffectWhereThatIsAsked() {
        assertThat(MountParser.volume("/src:/dst:suid,nodev", CWD))
                .isEqualTo(new Bind("/src", "/dst", false, true, true, "rprivate", List.of("suid")));
        assertThat(MountParser.mount("type=bind,src=/src,dst=/dst,suid,dev=true", CWD))
                .isEqualTo(new Bind("/src", "/dst", false, false, true, "rprivate", List.of("dev", "suid")));
    }

    @Test
    void aSourceWithADotStartsAtTheDirectoryOfTheCommand() {
        assertThat(MountParser.volume("./a:/dst", CWD))
                .isEqualTo(new Bind("/home/me/a", "/dst", false, true, true, "rprivate", List.of()));
        assertThat(MountParser.volume("..:/dst", CWD))
                .isEqualTo(new Bind("/home", "/dst", false, true, true, "rprivate", List.of()));
        assertThat(MountParser.mount("type=bind,src=a,dst=/dst", CWD))
                .isEqualTo(new Bind("/home/me/a", "/dst", false, false, true, "rprivate", List.of()));
    }

    @Test
    void whoIsGivenItBySelinuxIsKept() {
        assertThat(((Bind) MountParser.volume("/src:/dst:ro,Z", CWD)).permits()).containsExactly("Z");
        assertThat(((Bind) MountParser.volume("name:/dst:z", CWD)).volume()).as("which has its label anyway").isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "/data", "n:/dst", "na+me:/dst", "name:/dst:dev", "name:dst", "/src:dst", "/src:/",
            "/src:/dst:ro:rw", "/src:/dst:ro,rw", "/src:/dst:wild",
            "/src:/dst:shared", "/src:/dst:z,Z", "/etc:/dst:z", "/usr/../home:/dst:Z", "/src:/dst:nocopy", ":/dst", "/src:", "/src:/proc", "/src:/proc/sys",
                    "/src:/a/../proc" })
    void aVolumeThatMakesNoSenseIsRefused(String word) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> MountParser.volume(word, CWD))
                .satisfies(problem -> assertThat(problem.line()).contains("'" + word + "' for -v: ").contains("; "));
    }

    @Test
    void aMountHasNamedFieldsInAnyOrder() {
        assertThat(MountParser.mount("type=bind,source=/src,target=/dst,readonly", CWD))
                .isEqualTo(new Bind("/src", "/dst", true, false, true, "rprivate", List.of()));
        assertThat(MountParser.mount(
                "dst=/dst,ro=false,src=/src,type=bind,bind-propagation=slave,bind-recursive=disabled", CWD))
                .isEqualTo(new Bind("/src", "/dst", false, false, false, "slave", List.of()));
        assertThat(MountParser.mount("type=tmpfs,destination=/t,tmpfs-size=64m,tmpfs-mode=1770", CWD))
                .isEqualTo(new Tmpfs("/t", 64L << 20, 01770, false, false));
    }

    @Test
    void aQuotedFieldMayHoldACommaAndAQuote() {
        assertThat(MountParser.mount("type=bind,\"src=/a,b\"\"c\",dst=/dst", CWD))
                .isEqualTo(new Bind("/a,b\"c", "/dst", false, false, true, "rprivate", List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "type=volume,dst=/dst", "src=/a,dst=/b", "src=v1,dst=b", "src=v1,dst=/b,volume-driver=nfs", "src=v1,dst=/b,suid", "type=image,src=a,dst=/b",
            "type=bind,dst=/b", "type=bind,src=/a", "type=bind,src=/a,dst=b", "type=bind,src=/a,dst=/b,tmpfs-size=1m",
                    "type=bind,src=/a,dst=/b,ro=maybe",
            "type=bind,src=/a,dst=/b,bind-recursive=writable", "type=bind,src=/a,dst=/b,bind-recursive=readonly",
            "type=tmpfs,dst=/b,src=/a", "type=tmpfs,dst=/b,tmpfs-mode=9", "type=bind,\"src=/a,dst=/b" })
    void aMountThatMakesNoSenseIsRefused(String word) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> MountParser.mount(word, CWD))
                .satisfies(problem -> assertThat(problem.line()).contains("'" + word + "' for --mount: ")
                        .contains("; "));
    }

    @Test
    void aSourceThatIsNoPathIsAVolume() {
        assertThat(MountParser.volume("data:/dst", CWD))
                .isEqualTo(Bind.of(new Mount.Named("data", true), "/dst", false));
        assertThat(MountParser.volume("data:/dst/:ro,nocopy,z", CWD))
                .isEqualTo(Bind.of(new Mount.Named("data", false), "/dst", true));
        assertThat(MountParser.mount("src=data,dst=/dst,ro", CWD))
                .isEqualTo(Bind.of(new Mount.Named("data", true), "/dst", true));
        assertThat(MountParser.mount("type=volume,volume-nocopy,source=data,dst=/dst", CWD))
                .isEqualTo(Bind.of(new Mount.Named("data", false), "/dst", false));
    }

    @Test
    void aPlaceAloneIsAVolumeOfTheContainersOwn() {
        assertThat(MountParser.own("/data/x/../")).isEqualTo("/data");
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> MountParser.own("/proc/x"));
    }

    @Test
    void aTmpfsCannotExecuteUnlessAsked() {
        assertThat(MountParser.tmpfs("/t")).isEqualTo(new Tmpfs("/t", null, null, false, false));
        assertThat(MountParser.tmpfs("/t:size=64m,mode=755,exec,nosuid"))
                .isEqualTo(new Tmpfs("/t", 64L << 20, 0755, false, true));
        assertThat(MountParser.tmpfs("/t:ro")).isEqualTo(new Tmpfs("/t", null, null, true, false));
    }

    @Test
    void aTmpfsHasOwnersAndBounds() {
        assertThat(MountParser.tmpfs("/t:defaults,uid=1000,gid=4294967294,nr_inodes=10k,suid,dev,nodev"))
                .isEqualTo(new Tmpfs("/t", null, null, false, false, 1000L, 4_294_967_294L, 10240L, List.of("suid")));
        assertThat(((Tmpfs) MountParser.tmpfs("/t:size=1m,nr_blocks=2")).sizeBytes()).as("of two alike the last")
                .isEqualTo(2L * HostMemory.pageBytes());
        assertThat(((Tmpfs) MountParser.tmpfs("/t:size=50%")).sizeBytes())
                .isCloseTo(HostMemory.read().total() / 2, Offset.offset(100L));
        assertThat(((Tmpfs) MountParser.tmpfs("/t:ro,size=64k,mode=755,uid=7")).options())
                .containsExactly("ro", "nosuid", "nodev", "noexec", "size=65536", "mode=755", "uid=7");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "t", "/", "/t:size=x", "/t:mode=888", "/t:mode=77777", "/t:uid=bob", "/t:uid=-1",
            "/t:gid=4294967295", "/t:uid", "/t:size=10x%", "/t:nr_inodes=many", "/t:nr_blocks=9223372036854775807",
            "/t:mpol=bind:0", "/t:shared", "/t:" })
    void aTmpfsThatMakesNoSenseIsRefused(String word) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> MountParser.tmpfs(word))
                .satisfies(problem -> assertThat(problem.line()).contains("'" + word + "' for --tmpfs: "));
    }
}
