package dev.tinydocker.lima;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A JVM for one command, where this host is no Linux: the profile {@code darwin}. */
public final class LimaProgram {

    private static final String DARWIN = "darwin";

    private LimaProgram() {
    }

    /** Whether commands go to a virtual machine: on macOS, or where TINY_HOST says so. */
    public static boolean isChosen() {
        String host = Optional.ofNullable(System.getProperty("tiny.host", System.getenv("TINY_HOST"))).orElse("");
        return host.isEmpty() ? System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
                : host.equals(DARWIN);
    }

    /** Executes the words of one command, and returns its exit status. */
    public static int run(String... words) {
        String home = Optional.ofNullable(System.getenv("TINY_HOME")).orElse("");
        System.setProperty("spring.config.location",
                "classpath:/,classpath:/defaults/" + (home.isEmpty() ? "" : ",optional:file:" + home + "/config/"));
        // The context that the build has made into code is the engine's.
        System.setProperty("spring.aot.enabled", "false");
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(LimaRoom.class).profiles(DARWIN)
                .web(WebApplicationType.NONE).bannerMode(Banner.Mode.OFF).logStartupInfo(false)
                .properties("logging.threshold.console=off").run()) {
            List<String> argv = List.of(words);
            if (!argv.isEmpty() && argv.getFirst().equals("doctor")) {
                String rootfs = argv.size() == 3 && argv.get(1).equals("--rootfs") ? argv.get(2)
                        : home + "/rootfs-cache";
                return context.getBean(LimaDoctor.class).execute(rootfs, System.out);
            }
            return context.getBean(LimaExecutor.class).execute(argv);
        }
    }
}
