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
        return Changes.of(List.of(lines)).config(List.of("PATH=/bin", "EMPTY=", "TAG=a=b"));
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
        assertThat(config("WORKDIR /srv", "WORKDIR a/b", "WORKDIR c")).isEqualTo(Map.of("WorkingDir", "/srv/a/b/c"));
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
        assertThat(config("EXPOSE 80 53/udp", "EXPOSE 443-444/TCP"))
                .containsEntry("ExposedPorts", Map.of("80/tcp", Map.of(), "53/udp", Map.of(), "443/tcp", Map.of(),
                        "444/tcp", Map.of()));
        assertThat(config("VOLUME /a /b", "VOLUME [\"/c d\"]"))
                .containsEntry("Volumes", Map.of("/a", Map.of(), "/b", Map.of(), "/c d", Map.of()));
        assertThat(config()).isEmpty();
    }

    @Test
    void quotesAndBackslashesKeepBlanksTogether() {
        assertThat(config("ENV A='one two' B=x\\ y C=a\"b c\"'d e' D=\"a\\b\" E='\\'")).containsEntry("Env",
                List.of("A=one two", "B=x y", "C=ab cd e", "D=a\\b", "E=\\"));
        assertThat(config("LABEL \"my key\"=v")).containsEntry("Labels", Map.of("my key", "v"));
    }

    @Test
    void variablesAreThoseOfTheImage() {
        assertThat(config("ENV PATH=$PATH:/opt/bin TAG=${TAG}c", "ENV ALL=\"<$PATH>\" LITERAL='$PATH' COST=\\$5"))
                .containsEntry("Env", List.of("PATH=/bin:/opt/bin", "TAG=a=bc", "ALL=</bin:/opt/bin>",
                        "LITERAL=$PATH", "COST=$5"));
        assertThat(config("ENV N=1", "ENV N=2 OLD=$N")).containsEntry("Env", List.of("N=2", "OLD=1"));
        assertThat(config("ENV A=${EMPTY:-none} B=${PATH:+some} C=${NOPE} D=${NOPE:-$PATH} E=a$ OLD=$"))
                .containsEntry("Env", List.of("A=none", "B=some", "C=", "D=/bin", "E=a$", "OLD=$"));
        assertThat(config("WORKDIR $PATH/x", "USER ${NOPE:-web}", "EXPOSE ${NOPE:-8080}/udp", "VOLUME [\"$PATH\"]",
                "CMD echo $PATH")).isEqualTo(Map.of("WorkingDir", "/bin/x", "User", "web", "ExposedPorts",
                        Map.of("8080/udp", Map.of()), "Volumes", Map.of("/bin", Map.of()), "Cmd",
                        List.of("/bin/sh", "-c", "echo $PATH")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "CMD | it has no value", "'' | it has no value",
            "RUN make | cannot be changed",
        "FROM scratch | cannot be changed", "CMD [a | is no JSON array of strings",
        "VOLUME [1, {}] | is no JSON array of strings", "ENV A | has no value", "ENV A=b c | is not KEY=VALUE",
        "ENV =b | is not KEY=VALUE", "ENV A=\"b | is not closed", "ENV A=${B | is no variable",
        "LABEL a=b 'c d' | is not KEY=VALUE", "EXPOSE web | is no port", "EXPOSE 80/ip | is no port",
        "EXPOSE 90-80 | is no range", "EXPOSE 65536 | is no range",
        "STOPSIGNAL SIGNONE | is no signal" })
    void otherInstructionsAreRefused(String line, String why) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> config(line))
                .withMessageContaining("cannot use the change '" + line + "'").withMessageContaining(why);
    }
}
