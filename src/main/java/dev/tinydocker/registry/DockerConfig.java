package dev.tinydocker.registry;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A user's {@code ~/.docker/config.json}: passwords, or the programs that keep them. Read anew each time, so that what
 * other programs write there counts at once.
 */
final class DockerConfig implements Credentials {

    private static final String AUTHS = "auths";

    private final Path file;
    private volatile Map<String, String> environment;

    /** @param environment the user's: helpers are found by its PATH and run in it */
    DockerConfig(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = Map.copyOf(environment);
    }

    /** From now on helpers are run in this environment: that of the user's latest command. */
    void in(Map<String, String> latest) {
        environment = Map.copyOf(latest);
    }

    /** Where a user with this environment has it; empty where he has no home. */
    static Optional<Path> place(Map<String, String> environment) {
        String told = environment.getOrDefault("DOCKER_CONFIG", "");
        String home = environment.getOrDefault("HOME", "");
        Path directory = told.isEmpty() ? Path.of(home, ".docker") : Path.of(told);
        return directory.isAbsolute() ? Optional.of(directory.resolve("config.json")) : Optional.empty();
    }

    @Override
    public Optional<Credential> find(String account) {
        ObjectNode config = read();
        List<String> names = names(config, account);
        Optional<CredentialHelper> helper = helper(config, account);
        if (helper.isPresent()) {
            for (String name : names) {
                Optional<Credential> found = helper.get().get(name);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return names.stream().flatMap(name -> credential(config.path(AUTHS).path(name)).stream()).findFirst();
    }

    /** Keeps a password where this user keeps passwords. */
    void keep(String account, Credential credential) {
        ObjectNode config = read();
        Optional<CredentialHelper> helper = helper(config, account);
        if (helper.isPresent()) {
            helper.get().store(account, credential);
            return;
        }
        auths(config).putObject(account).put("auth", Base64.getEncoder().encodeToString(
                (credential.user() + ":" + credential.secret()).getBytes(StandardCharsets.UTF_8)));
        write(config);
    }

    /** @return whether there was anything to forget */
    boolean forget(String account) {
        ObjectNode config = read();
        Optional<CredentialHelper> helper = helper(config, account);
        boolean any = false;
        boolean changed = false;
        for (String name : names(config, account)) {
            if (helper.isPresent() && helper.get().get(name).isPresent()) {
                helper.get().erase(name);
                any = true;
            }
            changed |= config.path(AUTHS).isObject() && auths(config).remove(name) != null;
        }
        if (changed) {
            write(config);
        }
        return any || changed;
    }

    /**
     * The names an account goes by here: its own, and those older programs wrote, with a scheme and a path. An entry
     * {@code https://index.NAME/v1/} is from the first version of the protocol, and counts for NAME.
     */
    private static List<String> names(ObjectNode config, String account) {
        List<String> names = new ArrayList<>(List.of(account));
        for (String name : config.path(AUTHS).propertyNames()) {
            String host = name.replaceFirst("^https?://", "").replaceFirst("/.*", "");
            boolean first = name.equals("https://index." + account + "/v1/");
            if (!name.equals(account) && (host.equals(account) && isWhole(name) || first)) {
                names.add(name);
            }
        }
        return names;
    }

    /** Whether a name stands for all of a registry, and not for one repository. */
    private static boolean isWhole(String name) {
        return name.matches("(https?://)?[^/]+(/|/v[12]/?)?");
    }

    private Optional<CredentialHelper> helper(ObjectNode config, String account) {
        return Documents.text(config.path("credHelpers"), account).or(() -> Documents.text(config, "credsStore"))
                .filter(name -> !name.isEmpty()).map(name -> new CredentialHelper(name, environment));
    }

    private Optional<Credential> credential(JsonNode entry) {
        Optional<String> identity = Documents.text(entry, "identitytoken").filter(token -> !token.isEmpty());
        if (identity.isPresent()) {
            return Optional.of(new Credential("", identity.get()));
        }
        String pair = Documents.text(entry, "auth").map(this::decoded)
                .orElse(Documents.text(entry, "username").orElse("") + ":"
                        + Documents.text(entry, "password").orElse(""));
        int colon = pair.indexOf(':');
        return colon <= 0
                ? Optional.empty()
                : Optional.of(Credential.of(pair.substring(0, colon), pair.substring(colon + 1)));
    }

    private String decoded(String auth) {
        try {
            return new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8).replaceAll("\\x00+$", "");
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("read '" + file + "'", "it has an \"auth\" that is not Base64", "log in again", e);
        }
    }

    private ObjectNode read() {
        try {
            byte[] bytes = Files.readAllBytes(file);
            JsonNode config = bytes.length == 0 ? Documents.JSON.createObjectNode() : Documents.read(bytes);
            if (config instanceof ObjectNode object) {
                return object;
            }
            throw new InvalidRequest("read '" + file + "'", "it is no JSON object", "repair it, or delete it");
        } catch (NoSuchFileException e) {
            return Documents.JSON.createObjectNode();
        } catch (IOException e) {
            throw new SystemFailure("read '" + file + "'", String.valueOf(e.getMessage()), "it keeps your passwords",
                    e);
        } catch (JacksonException e) {
            throw new InvalidRequest("read '" + file + "'", "it is no JSON: "
                    + RegistryProblems.clean(e.getOriginalMessage()), "repair it, or delete it", e);
        }
    }

    private static ObjectNode auths(ObjectNode config) {
        return config.path(AUTHS) instanceof ObjectNode auths ? auths : config.putObject(AUTHS);
    }

    private void write(ObjectNode config) {
        try {
            PrivateFile.write(file, Documents.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(config));
        } catch (IOException e) {
            throw new SystemFailure("write '" + file + "'", String.valueOf(e.getMessage()),
                    "it is to keep your password", e);
        }
    }
}
