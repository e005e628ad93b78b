package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

class InspectCommandTests {

    private final TestShell shell = new TestShell();

    @BeforeEach
    void containers() {
        shell.add("old", ContainerState.EXITED, Duration.ofHours(2), 137, "sh", "-c", "exit 3");
        shell.add("web", ContainerState.RUNNING, Duration.ofMinutes(3), null, "httpd");
    }

    @Test
    void theKeysAreDockers() {
        JsonNode array = JsonMapper.builder().build().readTree(shell.line("inspect old").out());
        assertThat(array.size()).isEqualTo(1);
        JsonNode old = array.get(0);
        assertThat(old.propertyNames()).containsExactly("Id", "Created", "Path", "Args", "State", "Image", "LogPath",
                "Name", "RestartCount", "Driver", "Platform", "MountLabel", "ProcessLabel",
                "AppArmorProfile", "HostConfig", "Walls", "Mounts", "Config",
                "NetworkSettings");
        assertThat(old.get("Path").asString()).isEqualTo("sh");
        assertThat(old.get("Args").toString()).isEqualTo("[\"-c\",\"exit 3\"]");
        assertThat(old.get("Name").asString()).isEqualTo("/old");
        assertThat(old.get("LogPath").asString()).isEqualTo("/var/t/c/" + old.get("Id").asString() + "/log/log");
        assertThat(old.get("State").toString()).isEqualTo("{\"Status\":\"exited\",\"Running\":false,\"Paused\":false,"
                + "\"Restarting\":false,\"OOMKilled\":false,\"Dead\":false,\"Pid\":0,\"ExitCode\":137,\"Error\":\"\","
                + "\"StartedAt\":\"2026-05-17T10:30:45Z\",\"FinishedAt\":\"2026-05-17T10:30:50Z\"}");
        assertThat(old.get("Config").get("Env").toString()).isEqualTo("[\"A=1\"]");
        assertThat(old.get("Config").get("StopSignal").asString()).isEqualTo("SIGTERM");
    }

    @Test
    void wallsAreToldAsTheyAreInForce() {
        assertThat(shell.line("inspect -f '{{json .Walls}} {{.AppArmorProfile}}' web").out()).isEqualTo("{\"Capabilities\":"
                + "[\"CAP_KILL\"],\"CapabilitiesOfOthers\":[],\"NoNewPrivileges\":true,\"Seccomp\":\"builtin\",\"Landlock\":"
                + "true,\"IDMappings\":[]} \n");
        assertThat(shell.line("inspect -f '{{json .HostConfig.MaskedPaths}} {{json .HostConfig.ReadonlyPaths}} "
                + "{{.HostConfig.ShmSize}} {{json .HostConfig.Devices}}' web").out())
                .isEqualTo("[\"/proc/kcore\"] [\"/proc/sys\"] 67108864 []\n");
    }

    @Test
    void theLayoutIsDockers() {
        assertThat(shell.line("inspect web").out()).startsWith("[\n    {\n        \"Id\": \"7765623f2a9c")
                .endsWith("\n    }\n]\n")
                .contains("\n        \"Args\": [],\n");
    }

    @Test
    void severalAreOneArrayAndWhatIsMissingIsSaid() {
        TestShell.Result result = shell.line("inspect web nobody old");
        assertThat(result.status()).isEqualTo(1);
        assertThat(JsonMapper.builder().build().readTree(result.out()).size()).isEqualTo(2);
        assertThat(result.err()).isEqualTo("cannot find 'nobody': there is no container, image, network or volume with"
                + " this name or id; 'ps -a', 'images', 'network ls' and 'volume ls' list all there are\n");
        assertThat(shell.line("inspect --type container nobody").err())
                .isEqualTo("cannot find the container 'nobody': there is none; 'ps -a' lists them all\n");
        assertThat(shell.line("inspect --type image nobody").err())
                .isEqualTo("cannot find the image 'nobody': it is not here\n");
        assertThat(shell.line("inspect nobody").out()).isEqualTo("[]\n");
    }

    @Test
    void templatesReachInside() {
        assertThat(shell.line("inspect -f '{{.State.Status}} {{.State.Pid}} {{json .Args}}' web old").out())
                .isEqualTo("running 4242 []\nexited 0 [\"-c\",\"exit 3\"]\n");
        assertThat(shell.line("inspect -f '{{.State.Nope}}' web").err())
                .startsWith("cannot use the format '{{.State.Nope}}': there is no field");
        assertThat(shell.line("inspect -f '{{if .State.Running}}{{range .Args}}{{.}}{{end}}up{{end}}' web").out())
                .isEqualTo("up\n");
    }
}
