package io.github.eventfork.examples.standin;

/** How one service answers, and what it holds. Thread-safe. */
interface Api {

    Answer answer(Request request);

    /** How many things it holds. */
    long holds();
}
