package dev.tinydocker.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

class BootstrapTests {

    private static final String TARGETS = """
            Debian|bookworm|bookworm|http://one.example/debian/
            Debian|bookworm-updates|bookworm-updates|http://one.example/debian/
            Debian|bookworm-backports|bookworm-backports|http://one.example/debian/
            Debian|bookworm-security|bookworm-security|http://two.example/security/
            Others|nodistro|nodistro|https://three.example/
            Ubuntu|noble|noble|http://four.example/ubuntu/
            Ubuntu|noble|noble-updates|http://four.example/ubuntu/
            Debian|bookworm|bookworm|http://one.example/debian/
            no line of it
            """;

    @Test
    void theRegistriesAreThoseOfTheDistributionForAnotherSuiteToo() {
        assertThat(AptRegistries.parse(TARGETS, "Debian", "bookworm")).containsExactly(
                "deb http://one.example/debian/ bookworm main", "deb http://one.example/debian/ bookworm-updates main",
                "deb http://two.example/security/ bookworm-security main");
        assertThat(AptRegistries.parse(TARGETS, "Debian", "trixie")).containsExactly(
                "deb http://one.example/debian/ trixie main", "deb http://one.example/debian/ trixie-updates main",
                "deb http://two.example/security/ trixie-security main");
        assertThat(AptRegistries.parse(TARGETS, "Ubuntu", "jammy")).containsExactly(
                "deb http://four.example/ubuntu/ jammy main", "deb http://four.example/ubuntu/ jammy-updates main");
        assertThat(AptRegistries.parse("", "Debian", "trixie")).isEmpty();
    }

    @Test
    void mmdebstrapIsToldWhatTheCatalogueSaysAndRunsApart() {
        List<String> argv = Bootstrap.mmdebstrap(new Source.Bootstrap("Debian", "trixie", "minbase",
                List.of("curl", "jq")), List.of("deb http://one.example/debian/ trixie main"), Path.of("/w/tree.tar"));
        assertThat(argv).startsWith("unshare", "--mount", "--pid", "--fork", "--kill-child", "--", "mmdebstrap")
                .contains("--variant=minbase", "--include=curl,jq")
                .endsWith("trixie", "/w/tree.tar", "deb http://one.example/debian/ trixie main");
    }
}
