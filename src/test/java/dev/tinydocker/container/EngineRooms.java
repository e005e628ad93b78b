package dev.tinydocker.container;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;

import java.nio.file.Path;

/**
 * The rooms from {@code container} down, on throw-away roots: an engine without a socket, which a test may start and
 * close at will.
 */
final class EngineRooms {

    @Configuration(proxyBeanMethods = false)
    @ComponentScan({ "dev.tinydocker.store", "dev.tinydocker.archive", "dev.tinydocker.shim",
            "dev.tinydocker.namespace", "dev.tinydocker.cgroup",
            "dev.tinydocker.rootfs", "dev.tinydocker.network", "dev.tinydocker.volume", "dev.tinydocker.security",
            "dev.tinydocker.log", "dev.tinydocker.registry", "dev.tinydocker.image", "dev.tinydocker.container",
            "dev.tinydocker.metrics" })
    @EnableJdbcRepositories(considerNestedRepositories = true)
    @ImportAutoConfiguration({ FlywayAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
            DataSourceTransactionManagerAutoConfiguration.class, DataJdbcRepositoriesAutoConfiguration.class })
    static class Rooms {
    }

    private EngineRooms() {
    }

    static ConfigurableApplicationContext start(Path root) {
        return start(root, Path.of("").toAbsolutePath());
    }

    /** @param home the directory of the program, with its shim */
    static ConfigurableApplicationContext start(Path root, Path home) {
        return new SpringApplicationBuilder(Rooms.class).web(WebApplicationType.NONE)
                .run("--tiny.run.root=" + root.resolve("run"),
                "--tiny.data.root=" + root.resolve("data"), "--tiny.home=" + home,
                "--tiny.cgroup.parent=" + root.getFileName(), "--tiny.network.bridge=" + bridge(root),
                        "--tiny.network.subnet=", "--spring.main.banner-mode=off",
                        "--logging.level.root=warn");
    }

    /** The name of the bridge of an engine on that root: a link's name is short. */
    static String bridge(Path root) {
        return "td" + Integer.toHexString(root.hashCode());
    }
}
