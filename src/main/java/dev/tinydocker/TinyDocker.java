package dev.tinydocker;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The engine and the interactive shell: one program, one JVM. */
@SpringBootApplication
public class TinyDocker {

    public static void main(String[] args) {
        SpringApplication.run(TinyDocker.class, args);
    }
}
