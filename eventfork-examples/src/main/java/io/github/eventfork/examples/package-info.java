/**
 * Three forks behind one topic of user events, to be copied from: {@link io.github.eventfork.examples.Analytics},
 * {@link io.github.eventfork.examples.MailingList} and {@link io.github.eventfork.examples.ChatNotifications}.
 * Each is a handler against a small interface, which a class implements by the HTTP API of a real service; {@link
 * io.github.eventfork.examples.Services} finds the services in the environment, {@link io.github.eventfork.examples.Forks} makes forks
 * of the handlers, {@link io.github.eventfork.examples.UserEvents} puts them behind the topic, the {@code ...Function} classes run them in Lambda, and
 * {@link io.github.eventfork.examples.Main} runs all of it in one process.
 * Start at {@link io.github.eventfork.examples.MailingList}, then {@link io.github.eventfork.examples.Forks}.
 */
@NullMarked
package io.github.eventfork.examples;

import org.jspecify.annotations.NullMarked;
