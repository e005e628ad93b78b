package dev.tinydocker.registry;

import static dev.tinydocker.registry.FaultyRegistry.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who is told what: tokens, passwords, and the hosts that must not see them. */
class AuthorizationTests {

    private static final String TAGS = "{\"tags\":[\"1\"]}";
    private static final String BASIC = new Credential("user", "secret").basic();

    private static RegistryService service(Map<String, Credential> known) {
        return new RegistryService(RegistrySettings.SHIPPED, account -> Optional.ofNullable(known.get(account)),
                time -> {
                });
    }

    private static String bearer(String realm) {
        return "WWW-Authenticate: Bearer realm=\"" + realm + "\",service=\"the service\",scope=\"repository:x:pull\"";
    }

    private static Repository repository(FaultyRegistry registry) {
        return new Repository(registry.name(), "a/b");
    }

    @Test
    void aTokenIsHadOnceAndSentWithEveryRequest() throws IOException {
        try (FaultyRegistry tokens = new FaultyRegistry(says(200, "{\"token\":\"abc\",\"expires_in\":300}"));
                FaultyRegistry registry = new FaultyRegistry(says(401, "", bearer(tokens.url() + "/token?x=1")),
                        says(200, TAGS))) {
            RegistryService service = service(Map.of(registry.name(), new Credential("user", "secret")));
            service.tags(repository(registry));
            service.tags(repository(registry));

            assertThat(tokens.asked()).singleElement().satisfies(asked -> {
                assertThat(asked.uri()).isEqualTo(
                        "/token?x=1&service=the+service&scope=repository%3Aa%2Fb%3Apull&account=user");
                assertThat(asked.authorization()).isEqualTo(BASIC);
            });
            assertThat(registry.asked()).extracting(FaultyRegistry.Asked::authorization)
                    .containsExactly("", "Bearer abc", "Bearer abc");
        }
    }

    @Test
    void withoutCredentialsATokenIsAskedForAnonymously() throws IOException {
        try (FaultyRegistry tokens = new FaultyRegistry(says(200, "{\"access_token\":\"abc\"}"));
                FaultyRegistry registry = new FaultyRegistry(says(401, "", bearer(tokens.url())), says(200, TAGS))) {
            service(Map.of()).tags(repository(registry));
            assertThat(tokens.asked()).singleElement().extracting(FaultyRegistry.Asked::authorization).isEqualTo("");
        }
    }

    @Test
    void anIdentityTokenIsExchangedForAnother() throws IOException {
        try (FaultyRegistry tokens = new FaultyRegistry(says(200, "{\"access_token\":\"abc\"}"));
                FaultyRegistry registry = new FaultyRegistry(says(401, "", bearer(tokens.url())), says(200, TAGS))) {
            service(Map.of(registry.name(), Credential.of("<token>", "id"))).tags(repository(registry));
            assertThat(tokens.asked()).singleElement().satisfies(asked -> {
                assertThat(asked.method()).isEqualTo("POST");
                assertThat(asked.text()).contains("grant_type=refresh_token").contains("refresh_token=id");
                assertThat(asked.authorization()).isEmpty();
            });
        }
    }

    @Test
    void aTokenThatHasRunOutIsRenewedOnceAndNotForEver() throws IOException {
        try (FaultyRegistry tokens = new FaultyRegistry(says(200, "{\"token\":\"one\"}"),
                says(200, "{\"token\":\"two\"}"));
                FaultyRegistry registry = new FaultyRegistry(says(401, "", bearer(tokens.url())), says(200, TAGS),
                        says(401, "", bearer(tokens.url())), says(200, TAGS),
                        says(401, "{\"errors\":[{\"message\":\"never\"}]}", bearer(tokens.url())))) {
            RegistryService service = service(Map.of());
            service.tags(repository(registry));
            service.tags(repository(registry));
            assertThat(registry.asked()).last().extracting(FaultyRegistry.Asked::authorization)
                    .isEqualTo("Bearer two");

            int before = registry.asked().size();
            assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> service.tags(repository(registry)))
                    .withMessageContaining("wants to know who asks (status 401): never");
            assertThat(registry.asked().size() - before).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void aHostileRegistryGetsNobodyElsesPassword() throws IOException {
        try (FaultyRegistry victim = new FaultyRegistry(says(200, "{\"token\":\"abc\"}"));
                FaultyRegistry hostile = new FaultyRegistry(says(401, "", bearer(victim.url() + "/token")),
                        says(200, TAGS))) {
            service(Map.of(victim.name(), new Credential("user", "secret"))).tags(repository(hostile));
            assertThat(victim.asked()).singleElement().extracting(FaultyRegistry.Asked::authorization).isEqualTo("");
            assertThat(hostile.asked()).extracting(FaultyRegistry.Asked::authorization).containsExactly("",
                    "Bearer abc");
        }
    }

    @Test
    void aPasswordIsNotSentWhereItCanBeRead() throws IOException {
        try (FaultyRegistry registry = new FaultyRegistry(
                says(401, "", bearer("http://tokens.example/token")))) {
            assertThatExceptionOfType(InvalidRequest.class)
                    .isThrownBy(() -> service(Map.of(registry.name(), new Credential("user", "secret")))
                            .tags(repository(registry)))
                    .withMessageContaining("it wants the password sent to 'tokens.example' over plain HTTP");
        }
    }

    @Test
    void aRedirectToAnotherHostTakesNoPasswordAlong() throws IOException {
        byte[] content = new byte[1000];
        try (FaultyRegistry store = new FaultyRegistry(FaultyRegistry.gives(content, 1000));
                FaultyRegistry registry = new FaultyRegistry(says(401, "", "WWW-Authenticate: Basic realm=\"x\""),
                        says(307, "", "Location: " + store.url() + "/signed"))) {
            RegistryService service = service(Map.of(registry.name(), new Credential("user", "secret"),
                    store.name(), new Credential("other", "secret")));
            try (InputStream in = service.blob(repository(registry), "sha256:" + "a".repeat(64), 1000, 0)) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
            assertThat(registry.asked()).last().extracting(FaultyRegistry.Asked::authorization).isEqualTo(BASIC);
            assertThat(store.asked()).singleElement().extracting(FaultyRegistry.Asked::authorization).isEqualTo("");
        }
    }

    @Test
    void whereverARedirectLeadsItsChallengeIsNotAnswered() throws IOException {
        try (FaultyRegistry other = new FaultyRegistry(says(401, "", "WWW-Authenticate: Basic realm=\"x\""));
                FaultyRegistry registry = new FaultyRegistry(says(302, "", "Location: " + other.url() + "/"))) {
            assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> service(
                    Map.of(registry.name(), new Credential("user", "secret"))).tags(repository(registry)));
            assertThat(other.asked()).singleElement().extracting(FaultyRegistry.Asked::authorization).isEqualTo("");
        }
    }

    @Test
    void anUploadThatIsSentElsewhereTakesNoPasswordAlong() throws IOException {
        try (FaultyRegistry store = new FaultyRegistry(says(201, ""));
                FaultyRegistry registry = new FaultyRegistry(says(401, "", "WWW-Authenticate: Basic realm=\"x\""),
                        says(202, "", "Location: http://localhost:" + store.name().replaceAll(".*:", "") + "/up"))) {
            service(Map.of(registry.name(), new Credential("user", "secret"))).pushBlob(repository(registry),
                    "sha256:" + "a".repeat(64), 3, () -> new java.io.ByteArrayInputStream(new byte[3]));
            assertThat(store.asked()).singleElement().extracting(FaultyRegistry.Asked::authorization).isEqualTo("");
        }
    }

    @Test
    void aRedirectWithoutEndEnds() throws IOException {
        try (FaultyRegistry registry = new FaultyRegistry(says(302, "", "Location: /v2/again"))) {
            assertThatExceptionOfType(SystemFailure.class)
                    .isThrownBy(() -> new RegistryService(new RegistrySettings("", "", "", "", Duration.ofSeconds(5),
                            1, Duration.ZERO)).tags(repository(registry)))
                    .withMessageContaining("redirects more than 5 times");
        }
    }

    /** A registry with many users counts who asks where tokens are given. */
    @Test
    void aServerOfTokensThatAsksToWaitIsGivenThatTimeOrNamed() throws IOException {
        List<Duration> waits = new ArrayList<>();
        try (FaultyRegistry tokens = new FaultyRegistry(says(429, "", "Retry-After: 7"),
                says(200, "{\"token\":\"abc\"}"), says(429, "{\"details\":\"slow down\"}", "Retry-After: 3600"));
                FaultyRegistry registry = new FaultyRegistry(says(401, "", bearer(tokens.url())),
                        says(401, "", bearer(tokens.url())), says(200, TAGS), says(401, "", bearer(tokens.url())))) {
            RegistryService service = new RegistryService(RegistrySettings.SHIPPED, Credentials.NONE, waits::add);
            assertThat(service.tags(repository(registry))).isNotEmpty();
            assertThat(waits).containsExactly(Duration.ofSeconds(7));

            assertThatExceptionOfType(SystemFailure.class).isThrownBy(() -> service.tags(repository(registry)))
                    .withMessageEndingWith("the server of tokens for '" + registry.name()
                            + "' has had too many requests (status 429): slow down")
                    .satisfies(e -> assertThat(e.hint()).startsWith("try again in 3600 s"));
            assertThat(waits).as("an hour is left to the user").hasSize(1);
            assertThat(tokens.asked()).hasSize(3);
        }
    }

    @Test
    void aServerOfTokensThatFailsIsToldFromARegistryThatDoes() throws IOException {
        try (FaultyRegistry tokens = new FaultyRegistry(says(401, "{\"details\":\"incorrect password\"}"));
                FaultyRegistry registry = new FaultyRegistry(says(401, "", bearer(tokens.url())))) {
            assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> service(Map.of())
                    .tags(repository(registry))).withMessageContaining("(status 401): incorrect password");
            assertThat(tokens.asked()).hasSize(1);
        }
    }

    @Test
    void aChallengeThatIsMeantToExhaustTheStackDoesNot() throws InterruptedException {
        List<String> hostile = List.of("Basic realm=\"" + "\\a".repeat(2000) + "\"",
                "Basic realm=\"" + "a".repeat(300_000) + "\"", "Basic realm=\"" + "\\a".repeat(150_000));
        List<Integer> lengths = new CopyOnWriteArrayList<>();
        Thread small = new Thread(null, () -> hostile.forEach(header -> lengths.add(Challenge.parse(List.of(header))
                .stream().mapToInt(found -> found.parameter("realm").orElse("").length()).sum())), "small", 256 << 10);
        small.start();
        small.join();
        assertThat(lengths).containsExactly(2000, 0, 0);
    }

    @Test
    void challengesAreReadInEveryForm() {
        String two = "Basic realm=\"a, \\\"b\\\"\", Bearer service=x ,scope=\"y z\"";
        assertThat(Challenge.parse(List.of(two, "Negotiate")))
                .containsExactly(new Challenge("basic", Map.of("realm", "a, \"b\"")),
                        new Challenge("bearer", Map.of("service", "x", "scope", "y z")),
                        new Challenge("negotiate", Map.of()));
        assertThat(Challenge.parse(List.of("", ",,,", "=\"", "\"".repeat(1000)))).isEmpty();
    }
}
