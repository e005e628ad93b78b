package dev.tinydocker.shell;

import dev.tinydocker.container.DiskUse;
import dev.tinydocker.container.DiskUse.OfContainer;
import dev.tinydocker.container.DiskUse.OfNamed;
import dev.tinydocker.container.DiskUse.OfVolume;
import dev.tinydocker.container.Housekeeping;
import dev.tinydocker.image.ImageSpace;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.rootfs.RootfsSpace;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code system df}: what is kept on the disk, and what of it nobody uses. */
@Component
final class SystemDfCommand extends ShellCommand {

    private static final OptionSpec VERBOSE = OptionSpec.flag('v', "verbose", "image by image, container by container");
    private static final OptionSpec FORMAT = OptionSpec.value("format", "FORMAT",
            "json, table, or a template as in {{.Type}}");
    private static final List<String> FIELDS = List.of("Type", "TotalCount", "Active", "Size", "Reclaimable");
    private static final Listing LISTING = Listing.of(FIELDS, "Type", "TYPE", "TotalCount", "TOTAL", "Active", "ACTIVE",
            "Size", "SIZE", "Reclaimable", "RECLAIMABLE");
    private static final int PERCENT = 100;

    private final Housekeeping housekeeping;
    private final Clock clock;

    SystemDfCommand(Housekeeping housekeeping, Clock clock) {
        super(Usage.of(Usage.DISK, "system df", "Show what is kept on the disk, and what of it nobody uses")
                .options(FORMAT, VERBOSE).example("system df -v"));
        this.housekeeping = housekeeping;
        this.clock = clock;
    }

    @Override
    int execute(Invocation invocation) {
        if (invocation.flag(VERBOSE) && invocation.value(FORMAT).isPresent()) {
            throw new InvalidRequest("show what is kept on the disk", "both --verbose and --format were given",
                    "give one of both");
        }
        DiskUse use = housekeeping.use();
        if (invocation.flag(VERBOSE)) {
            DiskDetails.print(invocation.out(), use, clock);
        } else {
            LISTING.print(invocation.out(), invocation.value(FORMAT).orElse("table"), rows(use));
        }
        return 0;
    }

    static List<Map<String, String>> rows(DiskUse use) {
        List<Map<String, String>> rows = new ArrayList<>();
        ImageSpace images = use.images();
        long used = images.images().stream().filter(each -> use.users().containsKey(each.image().id())).count();
        rows.add(row("Images", images.images().size(), (int) used, images.bytes(), images.reclaimable()));
        List<OfContainer> running = use.containers().stream().filter(each -> each.container().state().isAlive())
                .toList();
        long written = use.containers().stream().mapToLong(OfContainer::bytes).sum();
        rows.add(row("Containers", use.containers().size(), running.size(), written,
                written - running.stream().mapToLong(OfContainer::bytes).sum()));
        List<OfVolume> active = use.volumes().stream().filter(each -> each.container().state().isAlive()).toList();
        long kept = use.volumes().stream().mapToLong(OfVolume::bytes).sum();
        // What nobody has now is somebody's all the same: it is reclaimable, and never goes by itself.
        long linked = use.named().stream().filter(each -> each.links() > 0).mapToLong(OfNamed::bytes).sum();
        long named = use.named().stream().mapToLong(OfNamed::bytes).sum();
        rows.add(row("Local Volumes", use.volumes().size() + use.named().size(),
                active.size() + (int) use.named().stream().filter(each -> each.links() > 0).count(), kept + named,
                kept - active.stream().mapToLong(OfVolume::bytes).sum() + named - linked));
        List<RootfsSpace> free = use.roots().stream().filter(each -> each.user().isEmpty()).toList();
        rows.add(row("Root File Systems", use.roots().size(), use.roots().size() - free.size(), bytes(use.roots()),
                bytes(free)));
        rows.add(row("Partial Downloads", images.partialFiles(), 0, images.partialBytes(), images.partialBytes()));
        return rows;
    }

    private static long bytes(List<RootfsSpace> roots) {
        return roots.stream().mapToLong(each -> each.archive() + each.unpacked()).sum();
    }

    private static Map<String, String> row(String type, int total, int active, long bytes, long reclaimable) {
        String share = bytes == 0 ? "" : " (" + reclaimable * PERCENT / bytes + "%)";
        return Map.of("Type", type, "TotalCount", Integer.toString(total), "Active", Integer.toString(active), "Size",
                Sizes.of(bytes), "Reclaimable", Sizes.of(reclaimable) + share);
    }
}
