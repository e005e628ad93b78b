package dev.tinydocker.linux;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

import java.nio.ByteBuffer;

/** Memory outside the heap that files are written from and read into, to be used again and again; close it. */
public final class FileBuffer implements AutoCloseable {

    private final Memory memory;
    private final ByteBuffer bytes;

    public FileBuffer(int size) {
        memory = new Memory(size);
        bytes = memory.getByteBuffer(0, size);
    }

    public int size() {
        return bytes.capacity();
    }

    /** Copies bytes to the buffer's beginning. */
    public void put(byte[] from, int offset, int length) {
        bytes.put(0, from, offset, length);
    }

    /** Copies bytes from the buffer's beginning. */
    public void get(byte[] into, int offset, int length) {
        bytes.get(0, into, offset, length);
    }

    Pointer memory(int offset) {
        return offset == 0 ? memory : memory.share(offset);
    }

    @Override
    public void close() {
        memory.close();
    }
}
