package dev.tinydocker.container;

import org.springframework.jdbc.core.JdbcTemplate;

import java.util.List;
import java.util.Map;

/** Figures of containers that only exist in a test. */
public final class SampleSampler extends Sampler {

    private final List<Figures> running;

    public SampleSampler(List<Figures> running) {
        super(new JdbcTemplate(), null);
        this.running = running;
    }

    @Override
    public List<Figures> all() {
        return running;
    }

    @Override
    public Map<ContainerState, Long> states() {
        return Map.of();
    }
}
