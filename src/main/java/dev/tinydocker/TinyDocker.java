package dev.tinydocker;

import dev.tinydocker.engine.Program;
import dev.tinydocker.lima.LimaProgram;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The engine and the interactive shell: one program, one JVM. Where the host is no Linux, the way to them. */
@SpringBootApplication
public class TinyDocker {

    public static void main(String[] args) {
        System.exit(LimaProgram.isChosen() ? LimaProgram.run(args) : Program.run(TinyDocker.class, args));
    }
}
