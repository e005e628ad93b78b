package dev.tinydocker.registry;

import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Optional;

/** Passwords that are to be kept: each is shown to its registry first. */
final class Login {

    private static final Object WRITING = new Object();

    private final RegistrySettings settings;
    private final Retry.Pause pause;
    private final @Nullable DockerConfig config;

    /** @param config null for somebody who has no home */
    Login(RegistrySettings settings, Retry.Pause pause, @Nullable DockerConfig config) {
        this.settings = settings;
        this.pause = pause;
        this.config = config;
    }

    void keep(String name, String user, String password) {
        String registry = named(name);
        String deed = "log in to '" + registry + "'";
        if (user.isEmpty() || user.contains(":") || password.isEmpty()) {
            throw new InvalidRequest(deed, "a user name without colons and a password are needed",
                    "give both, as in: tiny login -u NAME --password-stdin " + registry);
        }
        DockerConfig kept = config(deed);
        Credential credential = new Credential(user, password);
        Http http = new Http(settings);
        Tokens tokens = new Tokens(http, settings, account -> Optional.of(credential));
        Conversation conversation = new Conversation(http, tokens, new Retry(settings, pause));
        Endpoint endpoint = settings.endpoint(registry);
        try (Answer answer = conversation.ask(endpoint, Ask.of("GET", endpoint.at("")), "")) {
            if (answer.status() == HttpURLConnection.HTTP_UNAUTHORIZED) {
                throw wrong(deed, endpoint, null);
            }
            if (answer.status() != HttpURLConnection.HTTP_OK) {
                throw RegistryProblems.of(deed, endpoint, answer);
            }
        } catch (Tokens.Refused e) {
            throw e.status() == HttpURLConnection.HTTP_UNAUTHORIZED
                    ? wrong(deed, endpoint, e)
                    : RegistryProblems.of(deed, endpoint, e);
        } catch (IOException e) {
            throw RegistryProblems.of(deed, endpoint, e);
        }
        synchronized (WRITING) {
            kept.keep(registry, credential);
        }
    }

    boolean forget(String name) {
        String registry = named(name);
        DockerConfig kept = config("log out of '" + registry + "'");
        synchronized (WRITING) {
            return kept.forget(registry);
        }
    }

    /** As Docker takes it: an address of the registry names it too. */
    private String named(String name) {
        String registry = (name.isEmpty() ? settings.defaultRegistry() : name).replaceFirst("^https?://", "")
                .replaceFirst("/.*", "");
        if (registry.isEmpty()) {
            throw new InvalidRequest("log in or out", "no registry is named",
                    "name it, or set tiny.registry.default in config/application.yml");
        }
        Repository.checkRegistry(registry);
        return registry;
    }

    private DockerConfig config(String deed) {
        if (config == null) {
            throw new HostLacks(deed, "there is no home directory to keep the password in",
                    "set HOME or DOCKER_CONFIG");
        }
        return config;
    }

    private static InvalidRequest wrong(String deed, Endpoint endpoint, @Nullable Throwable cause) {
        return new InvalidRequest(deed, "the registry '" + endpoint.name()
                + "' does not know this user and password (status 401)", "check both", cause);
    }
}
