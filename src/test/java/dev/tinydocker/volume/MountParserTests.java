package dev.tinydocker.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.volume.Mount.Bind;
import dev.tinydocker.volume.Mount.Tmpfs;
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
        assertThat(MountParser.volume("/src:/dst/:rslave,Z,ro,cached", CWD))
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

    @ParameterizedTest
    @ValueSource(strings = { "", "/data", "name:/dst", "/src:dst", "/src:/", "/src:/dst:ro:rw", "/src:/dst:wild",
            "/src:/dst:shared", "/src:/dst:nocopy", ":/dst", "/src:", "/src:/proc", "/src:/proc/sys",
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
    @ValueSource(strings = { "", "type=volume,src=v,dst=/dst", "src=/a,dst=/b", "type=image,src=a,dst=/b",
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
    void namedVolumesAreNotThereYetAndSaidSo() {
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> MountParser.mount("type=volume,src=v,dst=/d", CWD))
                .withMessageContaining("named volumes are not there yet");
    }

    @Test
    void aTmpfsCannotExecuteUnlessAsked() {
        assertThat(MountParser.tmpfs("/t")).isEqualTo(new Tmpfs("/t", null, null, false, false));
        assertThat(MountParser.tmpfs("/t:size=64m,mode=755,exec,nosuid"))
                .isEqualTo(new Tmpfs("/t", 64L << 20, 0755, false, true));
        assertThat(MountParser.tmpfs("/t:ro")).isEqualTo(new Tmpfs("/t", null, null, true, false));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "t", "/", "/t:size=x", "/t:mode=888", "/t:mode=77777", "/t:uid=1", "/t:" })
    void aTmpfsThatMakesNoSenseIsRefused(String word) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> MountParser.tmpfs(word))
                .satisfies(problem -> assertThat(problem.line()).contains("'" + word + "' for --tmpfs: "));
    }
}
