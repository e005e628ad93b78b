package dev.tinydocker.shell;

import dev.tinydocker.container.Container;
import dev.tinydocker.container.DiskUse;
import dev.tinydocker.image.ImageSpace;

import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** What is kept on the disk, one by one: {@code system df -v}. */
final class DiskDetails {

    private DiskDetails() {
    }

    static void print(PrintStream out, DiskUse use, Clock clock) {
        Table images = new Table();
        images.add(List.of("REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE", "SHARED SIZE", "UNIQUE SIZE",
                "CONTAINERS"));
        for (ImageSpace.Each each : use.images().images()) {
            for (Map<String, String> row : ImageRow.of(each.image(), _ -> true, false, false, clock)) {
                images.add(List.of(text(row, "Repository"), text(row, "Tag"), text(row, "ID"),
                        text(row, "CreatedSince"),
                        Sizes.of(each.shared() + each.unique()), Sizes.of(each.shared()), Sizes.of(each.unique()),
                        Long.toString(use.users().getOrDefault(each.image().id(), 0L))));
            }
        }
        Table containers = new Table();
        containers.add(List.of("CONTAINER ID", "IMAGE", "COMMAND", "LOCAL VOLUMES", "SIZE", "CREATED", "STATUS",
                "NAMES"));
        for (DiskUse.OfContainer each : use.containers()) {
            Container container = each.container();
            Map<String, String> row = PsRow.of(container, List.of(), false, clock);
            containers.add(List.of(container.shortId(), container.image(), text(row, "Command"),
                    Integer.toString(container.spec().volumes().size()), Sizes.of(each.bytes()),
                    text(row, "RunningFor"), text(row, "Status"), container.name()));
        }
        Table volumes = new Table();
        volumes.add(List.of("VOLUME NAME", "LINKS", "SIZE"));
        use.named().forEach(each -> volumes.add(List.of(each.volume().name(), Integer.toString(each.links()),
                Sizes.of(each.bytes()))));
        use.volumes().forEach(each -> volumes.add(List.of(each.container().name() + ":" + each.target(), "1",
                Sizes.of(each.bytes()))));
        Table roots = new Table();
        roots.add(List.of("NAME", "ARCHIVE", "UNPACKED", "USED BY"));
        use.roots().forEach(each -> roots.add(List.of(each.name(), Sizes.of(each.archive()), Sizes.of(each.unpacked()),
                each.user())));
        out.print("Images space usage:\n\n" + images.text() + "\nContainers space usage:\n\n" + containers.text()
                + "\nLocal Volumes space usage:\n\n" + volumes.text() + "\nRoot File Systems space usage:\n\n"
                + roots.text() + "\nPartial downloads: " + use.images().partialFiles() + ", "
                + Sizes.of(use.images().partialBytes()) + "\n");
    }

    private static String text(Map<String, String> row, String field) {
        return row.getOrDefault(field, "");
    }
}
