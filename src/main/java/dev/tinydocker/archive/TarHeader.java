package dev.tinydocker.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The fields of a header: 512 bytes, of which a name is 100, a number octal digits, or big-endian with the first bit
 * set where it would not fit. tar(5).
 */
final class TarHeader {

    static final int BLOCK = 512;

    static final byte FILE = '0';
    static final byte LINK = '1';
    static final byte SYMLINK = '2';
    static final byte CHARACTER = '3';
    static final byte BLOCK_DEVICE = '4';
    static final byte DIRECTORY = '5';
    static final byte PIPE = '6';
    static final byte CONTIGUOUS = '7';
    static final byte SPARSE = 'S';
    static final byte LONG_NAME = 'L';
    static final byte LONG_LINK = 'K';
    static final byte PAX = 'x';
    static final byte PAX_GLOBAL = 'g';

    private static final int CHECKSUM = 148;

    private TarHeader() {
    }

    static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the sum of all bytes, the sum's own counted as blanks, is what the header says. */
    static boolean isIntact(byte[] block) {
        int unsigned = 0;
        int signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= CHECKSUM && i < CHECKSUM + 8 ? (byte) ' ' : block[i];
            unsigned += b & 0xff;
            signed += b;
        }
        long said = number(block, CHECKSUM, 8);
        // Some old programs summed characters with a sign.
        return said == unsigned || said == signed;
    }

    static long number(byte[] block, int offset, int length) {
        if ((block[offset] & 0x80) != 0) {
            return binary(block, offset, length);
        }
        int end = offset + length;
        int at = offset;
        while (at < end && (block[at] == ' ' || block[at] == 0)) {
            at++;
        }
        long value = 0;
        while (at < end && block[at] != ' ' && block[at] != 0) {
            int digit = block[at++] - '0';
            if (digit < 0 || digit > 7) {
                throw new DamagedArchive("its header holds no number where one is due");
            }
            value = value << 3 | digit;
        }
        return value;
    }

    /** Two's complement without the first bit, which only says that this is one. */
    private static long binary(byte[] block, int offset, int length) {
        boolean negative = (block[offset] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = 0; i < length; i++) {
            int b = i == 0 ? block[offset] & 0x7f | (negative ? 0x80 : 0) : block[offset + i] & 0xff;
            if (value >> 55 != (negative ? -1 : 0)) {
                throw new DamagedArchive("its header holds a number beyond 64 bits");
            }
            value = value << 8 | b;
        }
        return value;
    }

    /** Bytes up to a zero or the field's end. */
    static byte[] text(byte[] block, int offset, int length) {
        int end = offset;
        while (end < offset + length && block[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(block, offset, end);
    }

    /** The name, with the part POSIX keeps elsewhere in the header where it is long. */
    static byte[] name(byte[] block) {
        byte[] name = text(block, 0, 100);
        // GNU's header, whose magic ends in blanks, has times in that place.
        if (!new String(block, 257, 6, StandardCharsets.ISO_8859_1).equals("ustar\0") || block[345] == 0) {
            return name;
        }
        boolean star = new String(block, 508, 4, StandardCharsets.ISO_8859_1).equals("tar\0");
        byte[] prefix = text(block, 345, star ? 131 : 155);
        byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
        whole[prefix.length] = '/';
        System.arraycopy(name, 0, whole, prefix.length + 1, name.length);
        return whole;
    }

    static void octal(byte[] block, int offset, int length, long value) {
        String digits = Long.toOctalString(value);
        Arrays.fill(block, offset, offset + length - 1, (byte) '0');
        byte[] bytes = digits.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, block, offset + length - 1 - bytes.length, bytes.length);
    }

    /** The largest number that fits a field of that length in octal digits. */
    static long largest(int length) {
        return (1L << 3 * (length - 1)) - 1;
    }

    static void sum(byte[] block) {
        Arrays.fill(block, CHECKSUM, CHECKSUM + 8, (byte) ' ');
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        octal(block, CHECKSUM, 7, sum);
        block[CHECKSUM + 6] = 0;
    }
}
