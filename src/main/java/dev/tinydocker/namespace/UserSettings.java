package dev.tinydocker.namespace;

import dev.tinydocker.problem.InvalidRequest;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** What config/application.yml says of users. */
@Component
class UserSettings {

    private static final int SMALLEST = 1;

    private final String mode;
    private final long first;
    private final long size;
    private final long count;

    UserSettings(@Value("${tiny.users.mode}") String mode, @Value("${tiny.users.first}") long first,
            @Value("${tiny.users.size}") long size, @Value("${tiny.users.count}") long count) {
        this.mode = mode;
        this.first = first;
        this.size = size;
        this.count = count;
    }

    /** What a container has that asked for nothing. */
    Users usual() {
        Users usual = Users.parse(mode);
        if (usual.mode() == Users.Mode.MAP) {
            throw new InvalidRequest("use '" + mode + "' for every container", "they would share one range",
                    "set tiny.users.mode to auto or host");
        }
        return usual;
    }

    /** How many containers can have a range of their own. */
    int count() {
        if (first < SMALLEST || size < SMALLEST || count < SMALLEST || count > Integer.MAX_VALUE
                || count > (IdRange.MOST - first) / size) {
            throw new InvalidRequest("give " + count + " containers " + size + " users each from " + first + " on",
                    "users are numbered from 1 to " + (IdRange.MOST - 1),
                    "set tiny.users.first, tiny.users.size and tiny.users.count");
        }
        return (int) count;
    }

    IdRange range(int number) {
        return new IdRange(0, first + number * size, size);
    }
}
