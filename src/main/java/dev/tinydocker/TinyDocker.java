package dev.tinydocker;

import dev.tinydocker.engine.Program;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The engine and the interactive shell: one program, one JVM. */
@SpringBootApplication
public class TinyDocker {

    public static void main(String[] args) {
        System.exit(Program.run(TinyDocker.class, args));
    }
}
