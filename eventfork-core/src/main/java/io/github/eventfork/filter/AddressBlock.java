package io.github.eventfork.filter;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges blocks of IP addresses in CIDR notation as SNS does, without asking a name server. */
final class AddressBlock {

    private static final Pattern BLOCK = Pattern.compile("([^/]+)/([0-9]{1,3})");
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile("(" + BYTE + "\\.){3}" + BYTE);
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:]*");
    private static final int MOST_BITS_IPV4 = 31;
    private static final int MOST_BITS_IPV6 = 127;

    private AddressBlock() {}

    /** Returns {@code block}, or refuses it. */
    static String checked(String block) {
        Matcher parts = BLOCK.matcher(block);
        if (parts.matches() && Integer.parseInt(parts.group(2)) <= mostBits(parts.group(1))) {
            return block;
        }
        throw new IllegalArgumentException(
                "a block is an IPv4 address, '/' and 0 to 31, or an IPv6 address, '/' and 0 to 127, was '" + block
                        + "'");
    }

    private static int mostBits(String address) {
        if (IPV4.matcher(address).matches()) {
            return MOST_BITS_IPV4;
        }
        return IPV6.matcher(address).matches() && isLiteral(address) ? MOST_BITS_IPV6 : -1;
    }

    /** To be asked only of what has a colon: the JDK looks that up nowhere. */
    private static boolean isLiteral(String address) {
        try {
            return InetAddress.getByName(address).getAddress().length == 16;
        } catch (UnknownHostException noLiteral) {
            return false;
        }
    }
}
