package dev.tinydocker.container;

import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/** The table {@code container} as it is; see {@code db/migration}. */
@Table("container")
record ContainerRow(@Id String id, String name, String image, String argv, String spec, String state, String cause,
        @Nullable Integer pid, @Nullable Long pidStarted, String createdAt, @Nullable String startedAt,
        @Nullable String finishedAt, @Nullable Integer exitCode, int oomKilled, @Nullable String error) {
}
