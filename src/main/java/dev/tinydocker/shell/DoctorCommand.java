package dev.tinydocker.shell;

import dev.tinydocker.container.HostCheck;
import dev.tinydocker.container.HostCheck.Finding;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Locale;

/** {@code doctor}: looks at what containers need of this host, and says what to do about what is missing. */
@Component
final class DoctorCommand extends ShellCommand {

    private final HostCheck check;

    DoctorCommand(HostCheck check) {
        super(Usage.of(Usage.ENGINE, "doctor", "Check this host, and say what to do about what is missing"));
        this.check = check;
    }

    @Override
    int execute(Invocation invocation) {
        List<Finding> findings = check.findings();
        for (Finding finding : findings) {
            String level = finding.level().name().toLowerCase(Locale.ROOT);
            String advice = finding.advice().isEmpty() ? "" : "  — " + finding.advice();
            invocation.out().println(level + " ".repeat(9 - level.length()) + finding.what() + advice);
        }
        return findings.stream().anyMatch(finding -> finding.level() == HostCheck.Level.PROBLEM) ? ExitStatuses.FAILED
                : 0;
    }
}
