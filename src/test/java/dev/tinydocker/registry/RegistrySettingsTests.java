package dev.tinydocker.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/** Where a registry is asked, and by which protocol. */
class RegistrySettingsTests {

    private static RegistrySettings settings(String plain, String endpoints, String mirrors) {
        return new RegistrySettings("", plain, endpoints, mirrors, Duration.ofSeconds(1), 1, Duration.ZERO);
    }

    @Test
    void onlyLoopbackAndWhatIsNamedSpeakPlainHttp() {
        RegistrySettings settings = settings("registry.lan:5000, other.lan", "", "");
        for (String plain : new String[] { "localhost", "localhost:5000", "127.0.0.1:1", "127.9.9.9", "[::1]:5000",
                "registry.lan:5000", "other.lan", "other.lan:99" }) {
            assertThat(settings.endpoint(plain).base()).hasToString("http://" + plain);
        }
        for (String secure : new String[] { "registry.lan", "registry.lan:5001", "localhost.example", "127.example",
                "1.127.0.0.1", "hub.example:5000" }) {
            assertThat(settings.endpoint(secure).base()).hasToString("https://" + secure);
        }
    }

    @Test
    void mirrorsComeInOrderAndUnderTheirOwnAccount() {
        RegistrySettings settings = settings("", "hub.example=https://api.hub.example/",
                "hub.example=http://127.0.0.1:5000\n hub.example=https://m.example/hub "
                        + "other.example=https://o.example");
        assertThat(settings.sources("hub.example")).extracting(Endpoint::account).containsExactly("127.0.0.1:5000",
                "m.example", "hub.example");
        assertThat(settings.sources("hub.example").get(1).at("")).hasToString("https://m.example/hub/v2/");
        assertThat(settings.endpoint("hub.example").base()).hasToString("https://api.hub.example");
        assertThat(settings.sources("third.example")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = { "https://m.example", "=https://m.example", "hub.example=m.example", "hub.example=ftp://m",
            "hub.example=https://user:pw@m.example", "hub.example=", "hub.example=https://m/?a" })
    void aMirrorThatIsNoneIsNamed(String mirrors) {
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> settings("", "", mirrors).sources("hub.example"))
                .withMessageStartingWith("cannot read tiny.registry.mirrors '" + mirrors + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "a b", "a/b", "user@host", "a:b", "-a", "a?x", "a#x", "a\nb", "[::1" })
    void whatIsNoRegistryNeverBecomesAnAddress(String registry) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> new Repository(registry, "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "A", "a//b", "../a", "a/..", "a?b", "a%2fb", "a/", "/a", "a_", "a b" })
    void whatIsNoRepositoryNeverBecomesAnAddress(String path) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> new Repository("hub.example", path));
    }
}
