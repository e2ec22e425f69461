package io.github.eventfork.examples.standin;

import java.util.List;

/** How one service answers, and what it holds. Thread-safe. */
interface Api {

    Answer answer(Request request);

    /** What it holds, in any order; what is there twice stands there twice. */
    List<String> things();
}
