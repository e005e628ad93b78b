package dev.tinydocker.shell;

import dev.tinydocker.rootfs.CachedRootfs;
import dev.tinydocker.rootfs.RootfsCache;
import org.springframework.stereotype.Component;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code rootfs list}: the catalogue, and what of it is here. */
@Component
final class RootfsListCommand extends ShellCommand {

    private static final OptionSpec FORMAT = OptionSpec.value("format", "FORMAT",
            "json, table, or a template as in {{.Name}}");
    private static final OptionSpec QUIET = OptionSpec.flag('q', "quiet", "print names only");
    private static final List<String> FIELDS = List.of("Name", "Version", "Architecture", "Source", "Archive", "Size",
            "Unpacked", "File");
    private static final Listing LISTING = Listing.of(FIELDS, "Name", "NAME", "Version", "VERSION", "Architecture",
            "ARCH", "Source", "SOURCE", "Archive", "ARCHIVE", "Size", "SIZE", "Unpacked", "UNPACKED");

    private final RootfsCache cache;

    RootfsListCommand(RootfsCache cache) {
        super(Usage.of(Usage.ROOTFS, "rootfs list", "List the root file systems of the catalogue, and which are here")
                .options(FORMAT, QUIET).example("rootfs list --format '{{.Name}} {{.Archive}}'"));
        this.cache = cache;
    }

    @Override
    int execute(Invocation invocation) {
        List<Map<String, String>> rows = cache.list().stream().map(RootfsListCommand::row).toList();
        LISTING.print(invocation, QUIET, "Name", FORMAT, rows);
        return 0;
    }

    private static Map<String, String> row(CachedRootfs rootfs) {
        boolean here = rootfs.archive() != CachedRootfs.State.ABSENT;
        Map<String, String> row = new LinkedHashMap<>();
        row.put("Name", rootfs.name());
        row.put("Version", rootfs.version());
        row.put("Architecture", rootfs.architecture());
        row.put("Source", rootfs.source());
        row.put("Archive", rootfs.archive().name().toLowerCase(Locale.ROOT));
        row.put("Size", here ? Sizes.of(rootfs.bytes()) : "");
        row.put("Unpacked", Boolean.toString(rootfs.unpacked()));
        row.put("File", rootfs.file());
        return row;
    }
}
