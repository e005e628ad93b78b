package dev.tinydocker.image;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** The rooms from {@code image} down on throw-away roots. */
final class ImageRooms {

    @Configuration(proxyBeanMethods = false)
    @ComponentScan({ "dev.tinydocker.store", "dev.tinydocker.archive", "dev.tinydocker.registry",
            "dev.tinydocker.image", "dev.tinydocker.metrics" })
    @ImportAutoConfiguration({ FlywayAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
            DataSourceTransactionManagerAutoConfiguration.class })
    static class Rooms {
    }

    private ImageRooms() {
    }

    static ConfigurableApplicationContext start(Path root, String... more) {
        String[] settings = { "--tiny.run.root=" + root.resolve("run"), "--tiny.data.root=" + root.resolve("data"),
                "--tiny.home=" + Path.of("").toAbsolutePath(), "--spring.main.banner-mode=off",
                "--spring.config.location=file:config/application.yml", "--logging.level.root=warn",
                "--spring.main.lazy-initialization=true" };
        return new SpringApplicationBuilder(Rooms.class).web(WebApplicationType.NONE)
                .run(Stream.concat(Arrays.stream(settings), Arrays.stream(more)).toArray(String[]::new));
    }
}
