package dev.tinydocker.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** The file in which users and their other programs keep passwords, and the programs that keep them instead. */
class DockerConfigTests {

    /** {@code user:secret} in Base64. */
    private static final String PAIR = "dXNlcjpzZWNyZXQ=";
    private static final Credential USER = new Credential("user", "secret");

    @TempDir
    Path home;

    private Path file;
    private DockerConfig config;

    @BeforeEach
    void place() {
        Map<String, String> environment = Map.of("HOME", home.toString(), "PATH", home + ":/usr/bin:/bin");
        file = DockerConfig.place(environment).orElseThrow();
        config = new DockerConfig(file, environment);
    }

    private void write(String json) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, json);
    }

    /** A helper that keeps what it is given in files, as the protocol says. */
    private void helper(String get) throws IOException {
        Path program = Files.writeString(home.resolve("docker-credential-test"), """
                #!/bin/sh
                case $1 in
                get) read server; %s ;;
                store) cat > "$HOME/stored" ;;
                erase) cat > "$HOME/erased" ;;
                esac
                """.formatted(get));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void theFileIsInTheHomeOfWhoeverAsksUnlessToldOtherwise() {
        assertThat(DockerConfig.place(Map.of("HOME", "/home/a"))).contains(Path.of("/home/a/.docker/config.json"));
        assertThat(DockerConfig.place(Map.of("HOME", "/home/a", "DOCKER_CONFIG", "/etc/d")))
                .contains(Path.of("/etc/d/config.json"));
        assertThat(DockerConfig.place(Map.of())).isEmpty();
    }

    @Test
    void withoutAFileNothingIsKnown() throws IOException {
        assertThat(config.find("hub.example")).isEmpty();
        write("");
        assertThat(config.find("hub.example")).isEmpty();
    }

    @Test
    void aRegistryIsFoundUnderTheNamesThatProgramsGiveIt() throws IOException {
        for (String name : new String[] { "hub.example", "https://hub.example", "http://hub.example/v1/",
                "https://hub.example/v2/", "https://index.hub.example/v1/" }) {
            write("{\"auths\":{\"" + name + "\":{\"auth\":\"" + PAIR + "\"}}}");
            assertThat(config.find("hub.example")).as(name).contains(USER);
            assertThat(config.find("example")).isEmpty();
            assertThat(config.find("other.example")).isEmpty();
            assertThat(config.find("hub.example:443")).isEmpty();
        }
        write("{\"auths\":{\"hub.example/team\":{\"auth\":\"" + PAIR + "\"}}}");
        assertThat(config.find("hub.example")).isEmpty();
    }

    @Test
    void anIdentityTokenStandsForNameAndPassword() throws IOException {
        write("{\"auths\":{\"hub.example\":{\"auth\":\"" + PAIR + "\",\"identitytoken\":\"id\"}}}");
        assertThat(config.find("hub.example")).hasValueSatisfying(found -> {
            assertThat(found.isIdentityToken()).isTrue();
            assertThat(found.secret()).isEqualTo("id");
        });
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        write("{\"auths\":");
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> config.find("hub.example"))
                .withMessageStartingWith("cannot read '" + file + "': it is no JSON");
        write("[]");
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> config.keep("hub.example", USER));
        assertThat(file).hasContent("[]");
        write("{\"auths\":{\"hub.example\":{\"auth\":\"%%%\"}}}");
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> config.find("hub.example"))
                .withMessageContaining("not Base64");
    }

    @Test
    void whatOthersKeepThereStays() throws IOException {
        write("{\"psFormat\":\"table\",\"auths\":{\"other\":{\"auth\":\"eDp5\",\"email\":\"e\"}},"
                + "\"x\":[1,{\"y\":null}]}");
        config.keep("hub.example", USER);

        assertThat(Documents.read(Files.readAllBytes(file))).isEqualTo(Documents.read((
                "{\"psFormat\":\"table\",\"auths\":{\"other\":{\"auth\":\"eDp5\",\"email\":\"e\"},"
                        + "\"hub.example\":{\"auth\":\"" + PAIR + "\"}},"
                + "\"x\":[1,{\"y\":null}]}").getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(config.forget("hub.example")).isTrue();
        assertThat(config.forget("hub.example")).isFalse();
        assertThat(config.find("other")).isPresent();
    }

    @Test
    void theFileIsPrivateBelongsToTheUserAndIsReplacedWhole() throws IOException {
        Files.setAttribute(home, "unix:uid", 1234);
        config.keep("hub.example", USER);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(1234);
        assertThat(Files.getAttribute(file.getParent(), "unix:uid")).isEqualTo(1234);

        Path elsewhere = Files.move(file, home.resolve("elsewhere.json"));
        Files.createSymbolicLink(file, elsewhere);
        config.keep("two.example", USER);
        assertThat(file).isSymbolicLink();
        assertThat(config.find("two.example")).contains(USER);
        assertThat(file.getParent()).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void aHelperIsAskedAndGivenPasswordsInsteadOfTheFile() throws IOException {
        write("{\"credHelpers\":{\"hub.example\":\"test\"}}");
        helper("echo '{\"ServerURL\":\"'$server'\",\"Username\":\"'$server'\",\"Secret\":\"secret\"}'");
        assertThat(config.find("hub.example")).contains(new Credential("hub.example", "secret"));
        assertThat(config.find("other.example")).isEmpty();

        config.keep("hub.example", USER);
        assertThat(home.resolve("stored"))
                .hasContent("{\"ServerURL\":\"hub.example\",\"Username\":\"user\",\"Secret\":\"secret\"}");
        assertThat(config.forget("hub.example")).isTrue();
        assertThat(home.resolve("erased")).hasContent("hub.example");
        assertThat(Files.readString(file)).doesNotContain(PAIR);
    }

    @Test
    void aHelperThatHasNothingLeavesItToTheFile() throws IOException {
        write("{\"credsStore\":\"test\",\"auths\":{\"hub.example\":{\"auth\":\"" + PAIR + "\"}}}");
        helper("echo 'credentials not found in native keychain'; exit 1");
        assertThat(config.find("hub.example")).contains(USER);
    }

    @Test
    void aHelperThatFailsIsNamed() throws IOException {
        write("{\"credsStore\":\"test\"}");
        assertThatExceptionOfType(HostLacks.class).isThrownBy(() -> config.find("hub.example"))
                .withMessage("cannot use the credential helper 'docker-credential-test': "
                        + "there is no such program in PATH");
        helper("echo 'the key ring is locked'; exit 3");
        assertThatExceptionOfType(SystemFailure.class).isThrownBy(() -> config.find("hub.example"))
                .withMessageEndingWith("it failed with 3: the key ring is locked");
        write("{\"credsStore\":\"../../bin/sh\"}");
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> config.find("hub.example"));
    }

    @Test
    void nothingThatIsPrintedShowsASecret() {
        assertThat(USER.toString()).doesNotContain("secret");
    }
}
