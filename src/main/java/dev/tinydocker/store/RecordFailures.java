package dev.tinydocker.store;

import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.stereotype.Component;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import java.nio.file.Files;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Says what SQLite's result codes mean to the user: a taken name is for the caller to deal with, the rest is a problem
 * of the host.
 */
@Component
public class RecordFailures implements SQLExceptionTranslator {

    private final Layout layout;

    RecordFailures(Layout layout) {
        this.layout = layout;
    }

    @Override
    public @Nullable DataAccessException translate(String task, @Nullable String sql, SQLException failure) {
        if (!(failure instanceof SQLiteException sqlite)) {
            return null;
        }
        return switch (sqlite.getResultCode()) {
            case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY -> new DuplicateKeyException(task, failure);
            default -> throw problem(sqlite);
        };
    }

    /** The problem behind an exception that has a failure of SQLite among its causes; empty where it has none. */
    public Optional<Problem> find(Throwable exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return Optional.of(problem);
            }
            if (cause instanceof SQLiteException sqlite) {
                return Optional.of(problem(sqlite));
            }
        }
        return Optional.empty();
    }

    private Problem problem(SQLiteException failure) {
        SQLiteErrorCode code = failure.getResultCode();
        String hint = switch (code) {
            case SQLITE_FULL, SQLITE_IOERR, SQLITE_IOERR_WRITE,
                    SQLITE_IOERR_SHMSIZE -> "free some space under " + layout.dataRoot() + ", as 'system prune' does"
                            + (Files.exists(layout.reserve()) ? "; its file 'reserve' may be deleted for that" : "");
            case SQLITE_CORRUPT, SQLITE_NOTADB -> "restore a copy, or move it away: the next start makes a new one and ends containers it does not know";
            case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_READONLY_DBMOVED, SQLITE_PERM ->
                "see that " + layout.dataRoot() + " exists, is on a file system that is not read-only, and is root's";
            case SQLITE_BUSY -> "another program holds it; an engine needs it for itself";
            default -> "";
        };
        return new SystemFailure("use the record '" + layout.database() + "'", code.name() + " (" + code.message + ")",
                hint, failure);
    }
}
