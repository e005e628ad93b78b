package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.support.OciLayout;
import dev.tinydocker.support.RegistryProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A real registry that wants a password, as its users use it. */
@Timeout(120)
class PrivateRegistryKernelIT {

    @TempDir
    Path directory;

    private Tiny tiny;
    private RegistryProcess registry;
    private Path config;

    @BeforeEach
    void begin() throws IOException {
        tiny = new Tiny(directory).with("DOCKER_CONFIG", directory.resolve("docker").toString())
                .with("PATH", directory + ":" + System.getenv("PATH"));
        config = directory.resolve("docker/config.json");
        registry = RegistryProcess.closed(Files.createDirectory(directory.resolve("registry")));
        Path layout = directory.resolve("layout");
        OciLayout.busybox(layout, "1");
        OciLayout.addFile(layout, "1", "2", "/two", "two\n".getBytes(StandardCharsets.UTF_8));
        registry.push(layout, "1", "team/web:1");
        registry.push(layout, "2", "team/web:2");
        registry.push(layout, "1", "team/db:1");
    }

    @AfterEach
    void end() throws IOException {
        tiny.close();
        registry.close();
        tiny.awaitNothingLeft();
    }

    private String web() {
        return registry.name() + "/team/web";
    }

    private Tiny.Result login(String password) throws IOException {
        Process login = tiny.start("login", "-u", RegistryProcess.USER, "--password-stdin", registry.name());
        login.getOutputStream().write((password + "\n").getBytes(StandardCharsets.UTF_8));
        return Tiny.finish(login);
    }

    private void assertWantsToKnow(String... words) throws IOException {
        Tiny.Result result = tiny.tiny(words);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).startsWith("cannot ").hasLineCount(1).contains("(status 401)",
                "log in with: tiny login " + registry.name());
    }

    @Test
    void whoHasLoggedInFindsPullsAndPushesUntilHeLogsOut() throws IOException {
        assertWantsToKnow("pull", web() + ":1");
        assertWantsToKnow("search", registry.name() + "/web");
        Tiny.Result wrong = login("guessed");
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.err()).isEqualTo("cannot log in to '" + registry.name() + "': the registry '"
                + registry.name() + "' does not know this user and password (status 401); check both\n");
        assertThat(config).doesNotExist();

        assertThat(login(RegistryProcess.PASSWORD).out()).isEqualTo("Login Succeeded\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config))).isEqualTo("rw-------");
        assertThat(tiny.ok("search", "--format", "{{.Name}}", registry.name() + "/WEB")).isEqualTo(web() + "\n");
        assertThat(tiny.ok("search", "--limit", "1", registry.name() + "/").lines()).hasSize(2);

        assertThat(tiny.ok("pull", "--all-tags", web()).lines().filter(line -> line.endsWith("Pull complete")))
                .hasSize(2);
        assertThat(tiny.ok("images", "--format", "{{.Repository}}:{{.Tag}}").lines())
                .containsExactlyInAnyOrder(web() + ":1",
                web() + ":2");
        assertThat(tiny.ok("run", "--rm", "--net", "none", web() + ":2", "cat", "/two")).isEqualTo("two\n");
        Tiny.Result tagged = tiny.tiny("pull", "-a", web() + ":1");
        assertThat(tagged.status()).isEqualTo(1);
        assertThat(tagged.err()).isEqualTo("cannot pull all tags of '" + web()
                + ":1': it has a tag or a digest; leave it out\n");

        tiny.ok("tag", web() + ":2", web() + ":3");
        tiny.ok("push", "-q", web() + ":3");
        tiny.ok("rmi", web() + ":3");
        tiny.ok("logout", registry.name());
        assertWantsToKnow("pull", web() + ":3");
        assertWantsToKnow("push", web() + ":2");
    }

    @Test
    void aHelperIsAskedForThePasswordInTheUsersOwnEnvironment() throws IOException {
        Path helper = Files.writeString(directory.resolve("docker-credential-kept"), """
                #!/bin/sh
                read server
                [ "$1 $server" = "get %s" ] || { echo credentials not found in native keychain; exit 1; }
                echo '{"ServerURL":"'$server'","Username":"%s","Secret":"'$KEPT'"}'
                """.formatted(registry.name(), RegistryProcess.USER));
        Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(config.getParent());
        Files.writeString(config, "{\"credHelpers\":{\"" + registry.name() + "\":\"kept\"}}");

        assertWantsToKnow("pull", web() + ":1");
        tiny.with("KEPT", RegistryProcess.PASSWORD);
        assertThat(tiny.ok("pull", "-q", web() + ":1")).isEqualTo(web() + ":1\n");

        Files.delete(helper);
        Files.setLastModifiedTime(config, java.nio.file.attribute.FileTime.fromMillis(0));
        Tiny.Result gone = tiny.tiny("pull", registry.name() + "/team/db:1");
        assertThat(gone.status()).isEqualTo(1);
        assertThat(gone.err()).startsWith("cannot use the credential helper 'docker-credential-kept': "
                + "there is no such program in PATH").hasLineCount(1);
        assertThat(List.of(gone.out().split("\n"))).hasSize(1);
    }
}
