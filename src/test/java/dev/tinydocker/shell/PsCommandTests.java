package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class PsCommandTests {

    private final TestShell shell = new TestShell();

    @BeforeEach
    void containers() {
        shell.add("old", ContainerState.EXITED, Duration.ofHours(2), 3, "sh", "-c", "exit 3");
        shell.add("web", ContainerState.RUNNING, Duration.ofMinutes(3), null, "httpd", "-f", "-h",
                "/var/www/a/long/way");
        shell.add("new", ContainerState.CREATED, Duration.ZERO, null, "sh");
    }

    @Test
    void columnsStandAsDockersDo() {
        assertThat(shell.line("ps -a").out()).isEqualTo("""
                ID             STATUS                   PID       CREATED               COMMAND                  NAME      IMAGE
                6e65773f2a9c   Created                            2026-05-17 12:30:45   "sh"                     new       busybox
                7765623f2a9c   Up 3 minutes             4242      2026-05-17 12:27:45   "httpd -f -h /var/ww…"   web       busybox
                6f6c643f2a9c   Exited (3) 2 hours ago             2026-05-17 10:30:45   "sh -c 'exit 3'"         old       busybox
                """);
    }

    @Test
    void withoutOptionsOnlyThoseThatRun() {
        assertThat(shell.line("ps -q").out()).isEqualTo("7765623f2a9c\n");
        assertThat(shell.line("ps").out().lines()).hasSize(2);
        assertThat(shell.line("ps --format ''").out()).isEqualTo(shell.line("ps").out());
    }

    @Test
    void theLastOnesCountInAnyState() {
        assertThat(names("-l")).containsExactly("new");
        assertThat(names("-n 2")).containsExactly("new", "web");
        assertThat(names("-n -1")).containsExactly("web");
        assertThat(names("-n 2 -l")).containsExactly("new");
    }

    @Test
    void filtersOfOneKeyAreAlternativesAndSeveralKeysMustAllFit() {
        assertThat(names("-a --filter name=we")).containsExactly("web");
        assertThat(names("-a --filter name=^e")).isEmpty();
        assertThat(names("-a --filter name=^/web$")).containsExactly("web");
        assertThat(names("-a -f name=web -f name=old")).containsExactly("web", "old");
        assertThat(names("-a -f name=web -f status=exited")).isEmpty();
        assertThat(names("--filter status=exited")).containsExactly("old");
        assertThat(names("-a --filter exited=3")).containsExactly("old");
        assertThat(names("-a --filter exited=0")).isEmpty();
        assertThat(names("-a --filter id=776562")).containsExactly("web");
        assertThat(names("-a --filter before=web")).containsExactly("old");
        assertThat(names("-a --filter since=web")).containsExactly("new");
        assertThat(names("-a --filter label=tier")).hasSize(3);
        assertThat(names("-a --filter label=tier=web -f label=other")).isEmpty();
        assertThat(names("-a --filter ancestor=busybox:latest")).hasSize(3);
        assertThat(names("-a --filter ancestor=alpine")).isEmpty();
        assertThat(names("-a --filter volume=/nowhere")).isEmpty();
        assertThat(names("--filter publish=80 --filter expose=80-90/tcp")).isEmpty();
    }

    @Test
    void filtersThatAreNoneAreRefused() {
        assertThat(shell.line("ps --filter nmae=x"))
                .isEqualTo(new TestShell.Result(1, "",
                "cannot filter by 'nmae=x': there is no filter 'nmae'; did you mean 'name'?\n"));
        assertThat(shell.line("ps --filter name").err()).contains("it has no value");
        assertThat(shell.line("ps --filter status=up").err()).contains("there is no state 'up'");
        assertThat(shell.line("ps --filter exited=x").err()).contains("no exit status");
        assertThat(shell.line("ps --filter publish=http").err()).contains("'http' is no port");
        assertThat(shell.line("ps --filter expose=80/sctp").err()).contains("'80/sctp' is no port");
        assertThat(shell.line("ps --filter name=[").err()).contains("no regular expression");
        assertThat(shell.line("ps --filter since=nobody").err()).isEqualTo(
                "cannot find the container 'nobody': there is none; 'ps -a' lists them all\n");
    }

    @Test
    void jsonIsOneObjectALine() {
        assertThat(shell.line("ps --format json --no-trunc").out())
                .isEqualTo("{\"ID\":\"" + "7765623f2a9c1b4d5e3f2a9c1b4d5e3f2a9c1b4d5e3f2a9c1b4d5e3f2a9c1b4d"
                + "\",\"Names\":\"web\",\"Image\":\"busybox\",\"Command\":\"\\\"httpd -f -h /var/www/a/long/way\\\"\","
                + "\"CreatedAt\":\"2026-05-17 12:27:45 +0000 Z\",\"Created\":\"2026-05-17 12:27:45\",\"RunningFor\":\"3 minutes ago\","
                + "\"State\":\"running\",\"Status\":\"Up 3 minutes\",\"Pid\":\"4242\",\"Ports\":\"\",\"Labels\":\"tier=web\","
                + "\"Mounts\":\"\",\"Networks\":\"none\"}\n");
    }

    @Test
    void templatesAreFilled() {
        assertThat(shell.line("ps --format '{{.Names}}: {{ .State }}'").out()).isEqualTo("web: running\n");
        assertThat(shell.line("ps -a --format 'table {{.Names}}\\t{{.RunningFor}}'").out()).isEqualTo("""
                NAMES     RUNNING FOR
                new       Less than a second ago
                web       3 minutes ago
                old       2 hours ago
                """);
        assertThat(shell.line("ps --format {{.ID").err()).contains("'{{' is not closed");
        assertThat(shell.line("ps --format {{.Nope}}").err())
                .startsWith("cannot use the format '{{.Nope}}': there is no field '.Nope';");
    }

    @Test
    void controlCharactersInACommandAreShownNotDone() {
        shell.add("evil", ContainerState.RUNNING, Duration.ZERO, null, "\u001b[2J\"\n");
        assertThat(shell.line("ps -l --format {{.Command}}").out()).isEqualTo("\"\\x1b[2J\\\"\\n\"\n");
    }

    private List<String> names(String options) {
        return shell.line("ps --format {{.Names}} " + options).out().lines().toList();
    }
}
