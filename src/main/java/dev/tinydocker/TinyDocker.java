package dev.tinydocker;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The engine and the interactive shell: one program, one JVM. */
// Spring Shell's own configuration would search the class path for commands and open a terminal, in an engine without one too.
@SpringBootApplication(excludeName = "org.springframework.shell.core.autoconfigure.SpringShellAutoConfiguration")
public class TinyDocker {

    public static void main(String[] args) {
        SpringApplication.run(TinyDocker.class, args);
    }
}
