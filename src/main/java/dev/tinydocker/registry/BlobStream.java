package dev.tinydocker.registry;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Objects;

/**
 * A blob, or the rest of one. A connection that breaks is made again from where it broke; after too many that gave next
 * to nothing the next place is asked, and in the end a {@link Problem} is thrown. It ends after the bytes it was told
 * of.
 */
final class BlobStream extends InputStream {

    /** A connection that gave less than this is one more of those that gave nothing. */
    private static final long PROGRESS = 64 << 10;

    private final Conversation conversation;
    private final String deed;
    private final Sources sources;
    private final List<Endpoint> endpoints;
    private final Repository repository;
    private final String digest;
    private final String scope;
    private final long size;
    private long position;
    private long opened;
    private int place;
    private int failures;
    private boolean closed;
    /** Whether the rest is asked for: some servers give something else then. */
    private boolean ranges = true;
    /** How many bytes that are here already come first, from a server that does not know ranges. */
    private long repeated;
    private InputStream body = InputStream.nullInputStream();

    BlobStream(Conversation conversation, String deed, Sources sources, Repository repository, String digest,
            String scope, long size, long from) {
        this.conversation = conversation;
        this.deed = deed;
        this.sources = sources;
        this.endpoints = sources.of(repository.registry());
        this.repository = repository;
        this.digest = digest;
        this.scope = scope;
        this.size = size;
        this.position = from;
        open(false);
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws Problem where the rest cannot be had; an interrupted thread hears of it here too */
    @Override
    public int read(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        while (position < size) {
            try {
                if (closed) {
                    throw new InterruptedIOException("it was closed");
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("the download was interrupted");
                }
                if (repeated > 0) {
                    long some = Math.min(repeated, PROGRESS);
                    body.skipNBytes(some);
                    repeated -= some;
                    continue;
                }
                int count = body.read(bytes, offset, (int) Math.min(length, size - position));
                if (count > 0) {
                    position += count;
                    return count;
                }
                throw new IOException("it ended after " + position + " of " + size + " bytes");
            } catch (IOException e) {
                again(e);
            }
        }
        return -1;
    }

    private void again(IOException cause) {
        shut();
        if (!Retry.mayPass(cause, true)) {
            throw RegistryProblems.of(deed, endpoints.get(place), cause);
        }
        failures = position - opened >= PROGRESS ? 1 : failures + 1;
        if (failures >= conversation.attempts(endpoints.get(place))) {
            next(RegistryProblems.of(deed, endpoints.get(place), cause));
        } else {
            try {
                conversation.retry().pause(Retry.backOff(failures));
            } catch (IOException e) {
                throw RegistryProblems.of(deed, endpoints.get(place), e);
            }
        }
        open(true);
    }

    /** Goes to the next place that may have it. */
    private void next(Problem problem) {
        if (place + 1 >= endpoints.size()) {
            throw problem;
        }
        sources.passedOver(endpoints.get(place), problem.getMessage(), problem instanceof SystemFailure);
        place++;
        failures = 0;
    }

    private void open(boolean begun) {
        boolean known = begun;
        while (position < size) {
            opened = position;
            try {
                body = ask(endpoints.get(place), known);
                return;
            } catch (IOException e) {
                next(RegistryProblems.of(deed, endpoints.get(place), e));
            } catch (Problem e) {
                next(e);
            }
            known = false;
        }
    }

    private InputStream ask(Endpoint endpoint, boolean begun) throws IOException {
        Ask ask = Ask.of("GET", endpoint.blob(repository, digest));
        boolean range = position > 0 && ranges;
        if (range) {
            ask = ask.with("Range", "bytes=" + position + "-");
        }
        Answer answer = conversation.ask(endpoint, ask, scope, begun);
        try {
            if (!answer.ok()) {
                throw RegistryProblems.of(deed, endpoint, answer);
            }
            boolean rest = answer.status() == HttpURLConnection.HTTP_PARTIAL;
            long start = rest ? position : 0;
            String told = answer.header("content-range").orElse("bytes " + position + "-");
            boolean others = rest && !told.startsWith("bytes " + position + "-");
            if (others && range) {
                answer.close();
                ranges = false;
                return ask(endpoint, begun);
            }
            if (others) {
                throw new InvalidRequest(deed, "the registry '" + endpoint.name()
                        + "' was asked for all bytes and gave others", "ask its owner");
            }
            if (answer.length() >= 0 && answer.length() != size - start) {
                throw new InvalidRequest(deed, "the registry '" + endpoint.name() + "' has " + (start + answer.length())
                        + " bytes of it where the manifest says " + size, "its content is damaged; ask its owner");
            }
            repeated = rest ? 0 : position;
            return answer.body();
        } catch (IOException | RuntimeException e) {
            answer.close();
            throw e;
        }
    }

    private void shut() {
        try {
            body.close();
        } catch (IOException e) {
            // What is wanted of it has come, or will come by another connection.
            return;
        }
    }

    @Override
    public void close() {
        closed = true;
        shut();
    }
}
