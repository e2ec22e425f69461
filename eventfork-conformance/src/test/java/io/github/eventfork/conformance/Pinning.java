package io.github.eventfork.conformance;

/** Whoever initialises this class waits for the end of a test, and a virtual thread pins its carrier meanwhile. */
final class Pinning {

    static {
        Promise12NeighboursIT.pinned();
    }

    private Pinning() {}
}
