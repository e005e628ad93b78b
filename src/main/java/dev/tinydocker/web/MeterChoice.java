package dev.tinydocker.web;

import io.micrometer.core.instrument.config.MeterFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.util.Set;

/** Which of the library's meters are shown. */
@Configuration(proxyBeanMethods = false)
class MeterChoice {

    /** Their names break Prometheus's rules, and {@link EngineMetrics} has what they say under names that do not. */
    private static final Set<String> MISNAMED = Set.of("jvm.compilation.time", "process.cpu.time", "system.cpu.count");

    @Bean
    MeterFilter misnamedMeters() {
        return MeterFilter.deny(meter -> MISNAMED.contains(meter.getName()));
    }
}
