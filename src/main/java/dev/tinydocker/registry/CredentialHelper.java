package dev.tinydocker.registry;

import dev.tinydocker.linux.Processes;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program that keeps passwords, {@code docker-credential-NAME}. Its one argument is what to do, its input says for
 * which registry; it answers in JSON, and where it has nothing it says so and fails.
 */
final class CredentialHelper {

    private static final String NOTHING = "credentials not found in native keychain";
    private static final int MOST_OUTPUT = 1 << 20;
    private static final long SECONDS = 60;

    private final String program;
    private final Map<String, String> environment;

    CredentialHelper(String name, Map<String, String> environment) {
        this.program = "docker-credential-" + name;
        this.environment = environment;
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]*")) {
            throw new InvalidRequest("use the credential helper '" + RegistryProblems.clean(name) + "'",
                    "it is not the name of a program", "see credsStore and credHelpers in ~/.docker/config.json");
        }
    }

    Optional<Credential> get(String server) {
        Result result = run("get", server);
        if (result.status() != 0 && result.output().contains(NOTHING)) {
            return Optional.empty();
        }
        check(result);
        try {
            JsonNode found = Documents.read(result.output().getBytes(StandardCharsets.UTF_8));
            return Documents.text(found, "Secret").map(secret -> Credential.of(Documents.text(found, "Username")
                    .orElse(""), secret));
        } catch (JacksonException e) {
            throw new SystemFailure("use the credential helper '" + program + "'", "what it answers is no JSON", "", e);
        }
    }

    void store(String server, Credential credential) {
        check(run("store", Documents.JSON.createObjectNode().put("ServerURL", server).put("Username", credential.user())
                .put("Secret", credential.secret()).toString()));
    }

    void erase(String server) {
        check(run("erase", server));
    }

    private record Result(int status, String output) {
    }

    private void check(Result result) {
        if (result.status() != 0) {
            throw new SystemFailure("use the credential helper '" + program + "'", "it failed with "
                    + result.status() + ": " + RegistryProblems.clean(result.output()), "try it by hand");
        }
    }

    /** Its errors go nowhere: what it has to say it says on its output. */
    private Result run(String verb, String input) {
        ProcessBuilder builder = new ProcessBuilder(found().toString(), verb)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            Process process = Processes.start(builder);
            // Output ends when the process does; whatever takes longer is cut off.
            Thread timer = Thread.ofVirtual().name("time-out of " + program).start(() -> endAfterTime(process));
            try {
                write(process, input);
                byte[] output = process.getInputStream().readNBytes(MOST_OUTPUT);
                process.getInputStream().close();
                return new Result(process.waitFor(), new String(output, StandardCharsets.UTF_8));
            } finally {
                process.destroyForcibly();
                timer.interrupt();
            }
        } catch (IOException e) {
            throw new SystemFailure("use the credential helper '" + program + "'", String.valueOf(e.getMessage()), "",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SystemFailure("use the credential helper '" + program + "'", "the wait was interrupted", "", e);
        }
    }

    private static void write(Process process, String input) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It did not want it; its status says the rest.
            return;
        }
    }

    private static void endAfterTime(Process process) {
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            // It ended in time.
        }
    }

    /** By the user's PATH, which is not the engine's. */
    private Path found() {
        for (String directory : environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin").split(":")) {
            Path candidate = Path.of(directory, program);
            if (candidate.isAbsolute() && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw new HostLacks("use the credential helper '" + program + "'", "there is no such program in PATH",
                "install it, or remove it from ~/.docker/config.json");
    }
}
