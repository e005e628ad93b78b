package dev.tinydocker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

class ConfigEditorTests {

    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final String BASE = """
            {"os":"linux","architecture":"arm64","variant":"v9","author":"before","container":"c0ffee","x":{"y":1},
             "config":{"Env":["A=1","B=2"],"Entrypoint":["/old"],"Cmd":["old"],"WorkingDir":"/srv","OnBuild":["RUN x"],
              "ExposedPorts":{"80/tcp":{}},"Labels":{"gone":"1"},"StopSignal":"SIGINT"},
             "rootfs":{"type":"layers","diff_ids":["%s"]}}
            """.formatted(DIGEST);

    private static Snapshot container(Snapshot.Packing layer) {
        return new Snapshot("web", "sha256:0", layer, List.of("/entry"), List.of("serve", "all"),
                List.of("A=1", "B=3"), null, "/srv", Map.of("kept", "yes"), List.of("90/udp"), null, null);
    }

    private static Map<?, ?> edited(String base, Snapshot snapshot, List<String> changes, List<String> diffIds) {
        byte[] json = ConfigEditor.of(base.getBytes(StandardCharsets.UTF_8)).commit(snapshot,
                new Snapshot.Words(null, Changes.of(changes), "", "why"), diffIds);
        return Manifest.JSON.readValue(json, Map.class);
    }

    @Test
    void whatTheContainerRanWithGoesBeforeWhatItsImageSaid() {
        Map<?, ?> document = edited(BASE, container(null), List.of(), List.of(DIGEST));
        assertThat(document.get("config")).isEqualTo(Map.of("Env", List.of("A=1", "B=3"), "Entrypoint",
                List.of("/entry"), "Cmd", List.of("serve", "all"), "WorkingDir", "/srv", "OnBuild", List.of("RUN x"),
                "ExposedPorts", Map.of("80/tcp", Map.of(), "90/udp", Map.of()), "Labels", Map.of("kept", "yes")));
        assertThat(document.get("x")).isEqualTo(Map.of("y", 1));
        assertThat(document.get("variant")).isEqualTo("v9");
        assertThat(document.containsKey("container")).isFalse();
        assertThat(document.containsKey("author")).isFalse();
    }

    @Test
    void changesComeLast() {
        Map<?, ?> document = edited(BASE, container(null), List.of("ENV B=4 C=$B+5", "LABEL more=1", "EXPOSE 81",
                "WORKDIR sub", "ENTRYPOINT [\"/new\"]", "USER 7"), List.of(DIGEST));
        Map<?, ?> config = (Map<?, ?>) document.get("config");
        assertThat(config.get("Env")).isEqualTo(List.of("A=1", "B=4", "C=3+5"));
        assertThat(config.get("Labels")).isEqualTo(Map.of("kept", "yes", "more", "1"));
        assertThat(config.get("ExposedPorts")).isEqualTo(Map.of("80/tcp", Map.of(), "81/tcp", Map.of(), "90/udp",
                Map.of()));
        assertThat(config.get("WorkingDir")).isEqualTo("/srv/sub");
        assertThat(config.get("Entrypoint")).isEqualTo(List.of("/new"));
        assertThat(config.containsKey("Cmd")).as("the command was the old entrypoint's").isFalse();
        assertThat(config.get("User")).isEqualTo("7");
    }

    @Test
    void aStepOfHistoryIsOfItsOwnLayer() {
        List<?> history = (List<?>) edited(BASE, container(_ -> { }), List.of(), List.of(DIGEST, DIGEST))
                .get("history");
        assertThat(history).hasSize(2).first().isEqualTo(Map.of());
        assertThat((Map<?, ?>) history.getLast()).extracting("created_by", "comment")
                .containsExactly("serve all", "why");
        List<?> empty = (List<?>) edited(BASE, container(null), List.of(), List.of(DIGEST)).get("history");
        assertThat((Map<?, ?>) empty.getLast()).extracting("empty_layer").isEqualTo(true);
    }

    @Test
    void aCheckOfTheContainerGoesBeforeItsImages() {
        String base = BASE.replace("\"Cmd\"", "\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]},\"Cmd\"");
        assertThat(config(base, container(null), List.of()).get("Healthcheck"))
                .isEqualTo(Map.of("Test", List.of("NONE")));
        Snapshot checked = new Snapshot("web", "sha256:0", null, List.of(), List.of(), List.of(), null, null, Map.of(),
                List.of(), null, new ImageConfig.Healthcheck(List.of("CMD-SHELL", "true"), 5, 0, 0, 0, 2));
        assertThat(config(base, checked, List.of()).get("Healthcheck"))
                .isEqualTo(Map.of("Test", List.of("CMD-SHELL", "true"), "Interval", 5, "Retries", 2));
        assertThat(config(base, checked, List.of("HEALTHCHECK --interval=1m30s --retries=4 CMD [\"a\", \"b\"]",
                "ONBUILD RUN y"))).containsEntry("Healthcheck", Map.of("Test", List.of("CMD", "a", "b"), "Interval",
                        90_000_000_000L, "Retries", 4)).containsEntry("OnBuild", List.of("RUN x", "RUN y"));
        assertThat(config(base, checked, List.of("HEALTHCHECK NONE")).get("Healthcheck"))
                .isEqualTo(Map.of("Test", List.of("NONE")));
        for (String wrong : List.of("HEALTHCHECK", "HEALTHCHECK --interval=x CMD a", "HEALTHCHECK --often=1s CMD a",
                "HEALTHCHECK RUN a", "HEALTHCHECK --retries=-1 CMD a")) {
            assertThatThrownBy(() -> Changes.of(List.of(wrong))).isInstanceOf(InvalidRequest.class)
                    .hasMessageStartingWith("cannot use the change '" + wrong + "'");
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> config(String base, Snapshot snapshot, List<String> changes) {
        return (Map<String, Object>) edited(base, snapshot, changes, List.of(DIGEST)).get("config");
    }
}
