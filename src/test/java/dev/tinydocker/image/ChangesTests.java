package dev.tinydocker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

class ChangesTests {

    private static Map<String, Object> config(String... lines) {
        return Changes.of(List.of(lines)).config();
    }

    @Test
    void commandsAreWordsOrALineForTheShell() {
        assertThat(config("CMD [\"a b\", \"c\"]", "entrypoint exec  /bin/a  b"))
                .containsEntry("Cmd", List.of("a b", "c"))
                .containsEntry("Entrypoint", List.of("/bin/sh", "-c", "exec  /bin/a  b"));
        assertThat(config("CMD a", "CMD []")).containsEntry("Cmd", List.of());
    }

    @Test
    void plainWordsAreTakenAsTheyAre() {
        assertThat(config("USER web:www", "WORKDIR /srv/my files", "STOPSIGNAL SIGQUIT")).isEqualTo(
                Map.of("User", "web:www", "WorkingDir", "/srv/my files", "StopSignal", "SIGQUIT"));
    }

    @Test
    void variablesAndLabelsArePairsInAnyQuotes() {
        assertThat(config("ENV A=1 B=\"two words\" C=\"say \\\"x\\\"\"", "ENV A=2", "ENV OLD the rest of the line"))
                .containsEntry("Env", List.of("B=two words", "C=say \"x\"", "A=2", "OLD=the rest of the line"));
        assertThat(config("LABEL a=b c=\"d e\"", "LABEL a=f")).containsEntry("Labels", Map.of("a", "f", "c", "d e"));
        assertThat(config("ENV EMPTY=")).containsEntry("Env", List.of("EMPTY="));
    }

    @Test
    void portsAndVolumesAreCollected() {
        assertThat(config("EXPOSE 80 53/udp", "EXPOSE 443"))
                .containsEntry("ExposedPorts", Map.of("80/tcp", Map.of(), "53/udp", Map.of(), "443/tcp", Map.of()));
        assertThat(config("VOLUME /a /b", "VOLUME [\"/c d\"]"))
                .containsEntry("Volumes", Map.of("/a", Map.of(), "/b", Map.of(), "/c d", Map.of()));
        assertThat(config()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "CMD | it has no value", "'' | it has no value",
            "RUN make | cannot be changed",
        "FROM scratch | cannot be changed", "CMD [a | is no JSON array of strings",
        "VOLUME [1, {}] | is no JSON array of strings" })
    void otherInstructionsAreRefused(String line, String why) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> config(line))
                .withMessageContaining("cannot use the change '" + line + "'").withMessageContaining(why);
    }
}
