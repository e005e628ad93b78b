package dev.tinydocker.registry;

import dev.tinydocker.support.Fuzzer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Challenges, errors, tokens and lists that a {@link Fuzzer} makes up: each is read, or refused in one line. */
public final class AnswerFuzzer {

    private static final String[] SEEDS = {
        "\0\0Bearer realm=\"https://auth.example/token?a=b\",service=\"registry\\\"s\",scope=\"repository:a/b:pull,push\"",
        "\0\0Basic realm=x, Bearer realm=\"http://u@h:1/\", error=invalid_token",
        "\1\0{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"who are you\",\"detail\":[{\"Type\":\"repository\"}]}]}",
        "\1\5{\"details\":\"slow down\"}", "\1\6<html>no</html>",
        "\2\0{\"token\":\"abc.def\",\"access_token\":\"abc\",\"expires_in\":300,\"issued_at\":\"2025-01-02T03:04:05Z\"}",
        "\3\0{\"name\":\"a/b\",\"tags\":[\"1\",\"latest\",null,3]}", "\3\0</v2/a/tags/list?last=b&n=2>; rel=\"next\"",
        "\3\0application/json; charset=utf-8" };

    private AnswerFuzzer() {
    }

    /** @param directory an empty one */
    public static Fuzzer start(Path directory) throws IOException {
        Path corpus = Files.createDirectory(directory.resolve("corpus"));
        for (int i = 0; i < SEEDS.length; i++) {
            Files.writeString(corpus.resolve("seed" + i), SEEDS[i], StandardCharsets.UTF_8);
        }
        return Fuzzer.start(FuzzedAnswer.class, corpus, 4096, () -> { });
    }
}
