package dev.tinydocker.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class CatalogueTests {

    @TempDir
    Path directory;

    private Catalogue catalogue(String text) throws IOException {
        return new Catalogue(Files.writeString(directory.resolve("rootfs.yml"), text), "x86_64", "");
    }

    @Test
    void theOneThatComesWithTheProgramHasBusyboxAndAlpine() {
        for (String arch : List.of("x86_64", "aarch64")) {
            Catalogue catalogue = new Catalogue(Path.of("config/rootfs.yml"), arch, "http://mirror.example/alpine/");

            assertThat(catalogue.names()).containsExactly("busybox", "alpine", "alpine:3.21", "alpine:3.20",
                    "debian", "debian:13", "debian:12", "ubuntu", "ubuntu:24.04", "ubuntu:22.04");
            assertThat(catalogue.find("busybox").command()).containsExactly("sh");
            assertThat(catalogue.find("busybox").sources()).containsExactly(
                    new Source.Archive("busybox-" + arch + ".tar.gz", "", ""), new Source.Installed("/bin/busybox"),
                    new Source.Package("busybox-static"));
            assertThat(catalogue.find("alpine")).isSameAs(catalogue.find("alpine:3.21"));
            assertThat(catalogue.find("alpine:3.20").version()).isEqualTo("3.20.3");
            assertThat(catalogue.find("debian:12").sources()).containsExactly(
                    new Source.Archive("debian-bookworm-" + arch + ".tar.zst", "", ""),
                    new Source.Bootstrap("Debian", "bookworm", "minbase", List.of()));
            Source.Archive alpine = (Source.Archive) catalogue.find("alpine:3.20").sources().getFirst();
            assertThat(alpine.url())
                    .matches("http://mirror\\.example/alpine/v[0-9.]+/releases/" + arch + "/alpine-minirootfs-[0-9.]+-"
                            + arch + "\\.tar\\.gz");
            assertThat(alpine.url()).endsWith("/" + alpine.file());
            assertThat(alpine.sha256()).matches("[0-9a-f]{64}");
        }
    }

    @Test
    void withoutAMirrorNothingIsDownloadedFromOne() {
        Catalogue catalogue = new Catalogue(Path.of("config/rootfs.yml"), "x86_64", "");
        assertThat(((Source.Archive) catalogue.find("alpine").sources().getFirst()).url()).isEmpty();
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() {
        Catalogue catalogue = new Catalogue(Path.of("config/rootfs.yml"), "x86_64", "");
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> catalogue.find("busibox"))
                .satisfies(problem -> assertThat(problem.line()).contains("'busibox'")
                .contains("busybox, alpine, alpine:3.21"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "- a\n- b\n", "a: b\n", "a: {sources: x}\n", "a: {sources: [{wish: x}]}\n", "a: [\n",
            "a: {sources: [{archive: ../x.tar.gz}]}\n", "a: {sources: [{archive: x, sha256: {aarch64: 00}}]}\n",
            "a: {sources: [{archive: x, sha256: {x86_64: short}}]}\n", "a: !!java.io.File [x]\n",
            "../a: {sources: []}\n", "A: {sources: []}\n", "a: {versions: [x], sources: []}\n",
            "a: {versions: {../x: {}}, sources: []}\n", "a: {versions: {x: {version: ../y}}, sources: []}\n",
            "a: {sources: [{bootstrap: D, suite: --x}]}\n",
            "a: {sources: [{bootstrap: D, suite: s, packages: [-x]}]}\n",
            "a: {sources: [{package: -x}]}\n", "a: {sources: [{archive: .x}]}\n" })
    void aCatalogueThatMakesNoSenseIsRefused(String text) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> catalogue(text))
                .satisfies(problem -> assertThat(problem.line()).contains("rootfs.yml").contains("; correct it"));
    }

    @Test
    void aMissingCatalogueIsNamed() {
        Path missing = directory.resolve("missing.yml");
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> new Catalogue(missing, "x86_64", ""))
                .withMessageContaining(missing.toString());
    }
}
