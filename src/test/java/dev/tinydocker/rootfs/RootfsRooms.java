package dev.tinydocker.rootfs;

import dev.tinydocker.archive.ArchiveSettings;
import dev.tinydocker.store.Layout;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

import java.util.List;

/** The room as it is wired, on throw-away roots. */
final class RootfsRooms {

    private RootfsRooms() {
    }

    static RootfsService service(Layout layout, String mirror) {
        return new RootfsService(layout, cache(layout, mirror, List.of()));
    }

    /** @param uses who is to be found using what; asked when it is needed */
    static RootfsCache cache(Layout layout, String mirror, List<RootfsUsers.Use> uses) {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("users", new RootfsUsers() {
            @Override
            public List<Use> uses() {
                return uses;
            }

            @Override
            public void removing(Runnable removal) {
                removal.run();
            }
        });
        return new RootfsCache(layout, mirror, new ArchiveSettings("64g", "2000000", "4095", "200"),
                beans.getBeanProvider(RootfsUsers.class));
    }
}
