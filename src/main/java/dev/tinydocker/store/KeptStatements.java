package dev.tinydocker.store;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.sqlite.SQLiteConnection;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Changes of the record that every start makes. SQLite compiles a statement, with the triggers that it fires, in about
 * as long as it takes to execute it: these are compiled once for each connection, and stay.
 */
@Component
public class KeptStatements {

    private final JdbcTemplate template;
    // Both used with the connection in hand, of which there is one.
    private final Map<String, PreparedStatement> kept = new HashMap<>();
    private @Nullable SQLiteConnection owner;

    KeptStatements(JdbcTemplate template) {
        this.template = template;
    }

    /**
     * Executes a change.
     *
     * @param sql one of few texts, the same each time
     * @return how many rows it has changed
     * @throws DataAccessException as {@link JdbcTemplate#update(String, Object...)} does
     */
    public int update(String sql, @Nullable Object... arguments) {
        return Objects.requireNonNull(template.execute((ConnectionCallback<Integer>) connection -> {
            PreparedStatement statement = statement(connection.unwrap(SQLiteConnection.class), sql);
            try {
                for (int i = 0; i < arguments.length; i++) {
                    statement.setObject(i + 1, arguments[i]);
                }
                return statement.executeUpdate();
            } catch (SQLException e) {
                // Where the disk has failed, the driver takes the statement away.
                kept.remove(sql);
                statement.close();
                throw e;
            }
        }));
    }

    /** A connection that was lost has taken its statements along. */
    private PreparedStatement statement(SQLiteConnection connection, String sql) throws SQLException {
        if (owner != connection) {
            kept.clear();
            owner = connection;
        }
        PreparedStatement statement = kept.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            kept.put(sql, statement);
        }
        return statement;
    }
}
