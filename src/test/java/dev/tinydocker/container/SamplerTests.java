package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.cgroup.Usage;
import dev.tinydocker.container.Sampler.Sample;
import dev.tinydocker.linux.NetworkInterface;
import dev.tinydocker.linux.NetworkInterface.Traffic;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Whose the links of a network are that several containers have. */
class SamplerTests {

    private static final Usage NOTHING = new Usage(new Usage.Cpu(0, 0, 0, 0, 0, 0, OptionalLong.empty(), 100_000, 1024),
            new Usage.Memory(0, 0, 0, 0, 0, 0, 0, OptionalLong.empty(), 0, 0,
                    new Usage.Faults(0, 0), new Usage.Faults(0, 0)), List.of(), List.of(), 0,
            OptionalLong.empty(), Map.of());

    private static Sample sample(String name, String network, long started) {
        return new Sample(network, new Figures(name, name, "busybox", "/t/" + name, 7, Instant.ofEpochSecond(started),
                Instant.EPOCH, NOTHING, List.of(new NetworkInterface("eth0", new Traffic(1, 1, 0, 0),
                        new Traffic(1, 1, 0, 0))), 0, 0));
    }

    /** They come in the order in which they were made, which is another one. */
    @Test
    void aSharedNetworkIsThatOfTheContainerThatWasStartedFirst() {
        List<Figures> all = Sampler.once(List.of(sample("web", "net:[1]", 20), sample("side", "net:[1]", 30),
                sample("old", "net:[2]", 10), sample("beside", "net:[1]", 25)));
        assertThat(all).extracting(Figures::name).containsExactly("web", "side", "old", "beside");
        assertThat(all).filteredOn(figures -> !figures.interfaces().isEmpty()).extracting(Figures::name)
                .containsExactly("web", "old");
    }
}
