package dev.tinydocker.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tinydocker.problem.SystemFailure;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jdbc.core.dialect.JdbcDialect;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import javax.sql.DataSource;

/**
 * The one record. WAL, so that a killed engine loses nothing it was told is written; synchronous NORMAL, so that a
 * power failure may lose the last transitions, which the next start finds again, but never the file; one connection,
 * since there is one writer.
 */
@Configuration(proxyBeanMethods = false)
class SqliteConfiguration {

    private static final int BUSY_MILLIS = 5000;

    @Bean(destroyMethod = "close")
    DataSource dataSource(Layout layout, RecordFailures failures, Reserve reserve) throws IOException {
        Files.createDirectories(layout.dataRoot(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        reserve.keep();
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setJournalMode(JournalMode.WAL);
        sqlite.setSynchronous(SynchronousMode.NORMAL);
        sqlite.setTransactionMode(TransactionMode.IMMEDIATE);
        sqlite.setBusyTimeout(BUSY_MILLIS);
        sqlite.enforceForeignKeys(true);
        // Nobody asks for them, and they are a query after every INSERT.
        sqlite.setGetGeneratedKeys(false);
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("record");
        pool.setJdbcUrl("jdbc:sqlite:" + layout.database());
        pool.setDataSourceProperties(sqlite.toProperties());
        pool.setMaximumPoolSize(1);
        pool.setMaxLifetime(0);
        pool.setKeepaliveTime(0);
        try {
            return new HikariDataSource(pool);
        } catch (RuntimeException e) {
            throw failures.find(e).<RuntimeException>map(problem -> problem).orElse(e);
        }
    }

    /** A record that a later version has changed is not one for this version. */
    @Bean
    FlywayConfigurationCustomizer nothingIgnored() {
        return flyway -> flyway.ignoreMigrationPatterns(new String[0]);
    }

    /** Migrates at start; a file that cannot be used, or is another version's, is a problem with a way out. */
    @Bean
    FlywayMigrationStrategy migration(RecordFailures failures, Layout layout) {
        return flyway -> {
            try {
                flyway.migrate();
            } catch (FlywayValidateException e) {
                throw new SystemFailure("use the record '" + layout.database() + "'",
                        "another version of this program made it",
                        "use that version, or move it away: the next start makes a new one and ends containers it does not know",
                        e);
            } catch (RuntimeException e) {
                throw failures.find(e).<RuntimeException>map(problem -> problem).orElse(e);
            }
        };
    }

    @Bean
    JdbcDialect jdbcDialect() {
        return new SqliteDialect();
    }
}
