package dev.tinydocker.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.image.Changes;
import dev.tinydocker.image.ImageService;
import dev.tinydocker.image.Platform;
import dev.tinydocker.store.Layout;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.shell.core.command.CommandRegistry;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/** {@code images} with images that are there. As root: their files have owners. */
class ImagesCommandIT {

    @Configuration(proxyBeanMethods = false)
    @ComponentScan({ "dev.tinydocker.store", "dev.tinydocker.registry", "dev.tinydocker.image",
            "dev.tinydocker.metrics" })
    @ImportAutoConfiguration({ FlywayAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
            DataSourceTransactionManagerAutoConfiguration.class })
    static class Rooms {
    }

    @TempDir
    Path directory;

    private final TestSession session = new TestSession();
    private ConfigurableApplicationContext context;
    private ImageService images;
    private CommandDispatcher dispatcher;

    @BeforeEach
    void begin() throws IOException {
        context = new SpringApplicationBuilder(Rooms.class).web(WebApplicationType.NONE).run("--tiny.run.root="
                + directory.resolve("run"), "--tiny.data.root=" + directory.resolve("data"), "--tiny.home="
                + Path.of("").toAbsolutePath(), "--spring.main.banner-mode=off", "--logging.level.root=warn",
                "--spring.config.location=file:config/application.yml", "--spring.main.lazy-initialization=true");
        images = context.getBean(ImageService.class);
        CommandRegistry registry = new CommandRegistry(Set.of(new ImagesCommand(images, Clock.systemUTC())));
        dispatcher = new CommandDispatcher(new DockerCommandParser(registry), registry, context.getBean(Layout.class));
        image("team/web:1", "first", "LABEL tier=front");
        image("team/web:2", "second");
        image(null, "third");
        images.tag("team/web:2", "localhost:5000/db:latest");
    }

    @AfterEach
    void end() {
        context.close();
    }

    private void image(String name, String content, String... changes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry("file");
            entry.setSize(content.length());
            tar.putArchiveEntry(entry);
            tar.write(content.getBytes(StandardCharsets.US_ASCII));
            tar.closeArchiveEntry();
        }
        images.importArchive("test", new ByteArrayInputStream(bytes.toByteArray()),
                name == null ? null : images.reference(name), Changes.of(List.of(changes)), "", Platform.host());
    }

    private String run(String... argv) {
        session.out.reset();
        session.err.reset();
        ScopedValue.where(Session.CURRENT, session).call(() -> dispatcher.execute(List.of(argv)));
        return session.out.toString(StandardCharsets.UTF_8) + session.err.toString(StandardCharsets.UTF_8);
    }

    private List<String> names(String... more) {
        String[] argv = new String[more.length + 3];
        argv[0] = "images";
        argv[1] = "--format";
        argv[2] = "{{.Repository}}:{{.Tag}}";
        System.arraycopy(more, 0, argv, 3, more.length);
        return run(argv).lines().toList();
    }

    @Test
    void eachNameHasALineTheNewestFirst() {
        assertThat(names()).containsExactly("<none>:<none>", "localhost:5000/db:latest", "team/web:2", "team/web:1");
        assertThat(run("images").lines()).hasSize(5).first().asString()
                .matches("REPOSITORY +TAG +IMAGE ID +CREATED +SIZE");
        assertThat(run("images", "-q").lines()).hasSize(3).allMatch(id -> id.matches("[0-9a-f]{12}"));
        assertThat(run("images", "-q", "--no-trunc").lines()).allMatch(id -> id.matches("sha256:[0-9a-f]{64}"));
        assertThat(run("images", "--digests").lines().findFirst().orElse("")).contains("DIGEST");
        assertThat(run("images", "--format", "json").lines()).hasSize(4).allMatch(line -> line.startsWith("{"));
    }

    @Test
    void oneNameIsARepositoryOrOneOfItsTags() {
        assertThat(names("team/web")).containsExactly("team/web:2", "team/web:1");
        assertThat(names("team/web:1")).containsExactly("team/web:1");
        assertThat(names("localhost:5000/db")).containsExactly("localhost:5000/db:latest");
        assertThat(names("web")).isEmpty();
    }

    @Test
    void filtersLookAtOtherImages() {
        assertThat(names("--filter", "before=team/web:2")).containsExactly("team/web:1");
        assertThat(names("--filter", "since=team/web:2")).containsExactly("<none>:<none>");
        assertThat(names("--filter", "label=tier")).containsExactly("team/web:1");
        assertThat(names("--filter", "dangling=true")).containsExactly("<none>:<none>");
        assertThat(names("--filter", "before=none")).singleElement().asString()
                .startsWith("cannot find the image 'none'");
        assertThat(run("images", "--format", "{{.Nonesuch}}")).contains("there is no field '.Nonesuch'");
    }
}
