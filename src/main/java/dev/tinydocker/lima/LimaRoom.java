package dev.tinydocker.lima;

import dev.tinydocker.engine.Repl;
import dev.tinydocker.shell.HostCommand;
import dev.tinydocker.store.EngineLock;
import dev.tinydocker.store.Layout;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What there is where this host is no Linux: no engine, but the way to one. */
@Configuration
@Profile("darwin")
@Import({ Layout.class, EngineLock.class, Repl.class })
class LimaRoom {

    private static final Duration STARTING = Duration.ofSeconds(5);
    /** Where macOS's installers put programs, which a graphical session does not have in its PATH. */
    private static final List<String> USUAL = List.of("/opt/homebrew/bin/limactl", "/usr/local/bin/limactl",
            "/opt/local/bin/limactl");

    @Bean
    LimaCtl limaCtl(@Value("${tiny.lima.instance}") String instance) {
        HostProgram program = new HostProgram("limactl", "LIMACTL", USUAL, "install Lima: 'brew install lima'");
        return new LimaCtl(program, instance, STARTING);
    }

    @Bean
    GuestEngine guestEngine(LimaCtl lima, @Value("${tiny.lima.program}") String program,
            @Value("${tiny.lima.start}") boolean startsStopped) {
        return new GuestEngine(lima, program, new SshForward(new HostProgram("ssh")), startsStopped);
    }

    @Bean
    LimaDoctor limaDoctor(LimaCtl lima, @Value("${tiny.lima.program}") String program) {
        return new LimaDoctor(lima, program);
    }

    @Bean
    LimaExecutor limaExecutor(LimaCtl lima, GuestEngine engine, LimaDoctor doctor, Layout layout,
            @Value("${tiny.lima.program}") String program) {
        SetupCommand setup = new SetupCommand(new LimaSetup(lima, doctor, program, layout.home())::steps,
                layout.dataRoot());
        List<HostCommand> own = new ArrayList<>(new VmCommands(lima, engine).commands());
        own.add(setup.command());
        HostCommand instead = new DoctorCommand(doctor, layout.rootfsCache()).command();
        return new LimaExecutor(engine, own, List.of(instead), layout);
    }
}
