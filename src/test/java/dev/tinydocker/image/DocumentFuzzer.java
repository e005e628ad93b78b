package dev.tinydocker.image;

import dev.tinydocker.support.Fuzzer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Manifests, indexes, configurations, references and platforms that a {@link Fuzzer} makes up: each is read, or refused
 * in one line.
 */
public final class DocumentFuzzer {

    private static final String DIGEST = "sha256:" + "ab".repeat(32);

    private static final String[] SEEDS = {
        "\0{\"schemaVersion\":2,\"config\":{\"mediaType\":\"" + MediaTypes.OCI_CONFIG + "\",\"digest\":\"" + DIGEST
                + "\",\"size\":7},\"layers\":[{\"mediaType\":\"" + MediaTypes.OCI_LAYER + "\",\"digest\":\"" + DIGEST
                + "\",\"size\":9,\"urls\":[\"http://a/b\"],\"annotations\":{\"a\":\"b\"}}]}",
        "\0{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":[{\"mediaType\":\""
                + MediaTypes.OCI_MANIFEST + "\",\"digest\":\"" + DIGEST
                + "\",\"size\":7,\"platform\":{\"os\":\"linux\","
                + "\"architecture\":\"amd64\",\"variant\":\"v1\"}},null]}",
        "\1{\"created\":\"2025-01-02T03:04:05Z\",\"author\":\"a\",\"os\":\"linux\",\"architecture\":\"arm\",\"variant\":"
                + "\"v7\",\"config\":{\"User\":\"a:b\",\"Env\":[\"A=b\"],\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"],"
                + "\"WorkingDir\":\"/w\",\"Volumes\":{\"/v\":{}},\"ExposedPorts\":{\"80/tcp\":{}},\"Labels\":{\"l\":\"v\"},"
                + "\"StopSignal\":\"SIGINT\",\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"],\"Interval\":1,\"Retries\":2}},"
                + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + DIGEST + "\"]},\"history\":[{\"created\":\""
                + "2025-01-02T03:04:05Z\",\"created_by\":\"x\",\"empty_layer\":true}]}",
        "\2localhost:5000/team/web_a--b.c:1.0@" + DIGEST, "\2[::1]:5000/a/b:latest", "\2Alpine", "\2busybox",
        "\3linux/arm/v7", "\3arm64" };

    private DocumentFuzzer() {
    }

    /** @param directory an empty one */
    public static Fuzzer start(Path directory) throws IOException {
        Path corpus = Files.createDirectory(directory.resolve("corpus"));
        for (int i = 0; i < SEEDS.length; i++) {
            Files.writeString(corpus.resolve("seed" + i), SEEDS[i], StandardCharsets.UTF_8);
        }
        return Fuzzer.start(FuzzedDocument.class, corpus, 4096, () -> { });
    }
}
