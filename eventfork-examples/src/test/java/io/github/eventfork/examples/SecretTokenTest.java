package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.testkit.VirtualRuntime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SecretTokenTest {

    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void who_needs_it_at_the_same_time_gets_it_from_one_read() throws Exception {
        // given a read that goes on until all have asked
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<String> answer = new CompletableFuture<>();
        Token token = token(name -> {
            reading.countDown();
            return "token " + reads.incrementAndGet() + answer.join();
        });
        CompletableFuture<String> first = asking(token);
        reading.await();
        List<CompletableFuture<String>> others =
                Stream.generate(() -> asking(token)).limit(5).toList();

        // when
        answer.complete(".");

        // then
        assertThat(first.get()).isEqualTo("token 1.");
        for (CompletableFuture<String> other : others) {
            assertThat(other.get()).isEqualTo("token 1.");
        }
    }

    @Test
    void who_is_interrupted_takes_it_from_nobody_else() throws Exception {
        // given two who wait for a read that the first of them began
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<String> answer = new CompletableFuture<>();
        Token token = token(name -> {
            reading.countDown();
            try {
                return answer.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IOException("can't be read");
            }
        });
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread first = new Thread(() -> end.complete(catchThrowable(token::value)));
        first.start();
        reading.await();
        CompletableFuture<String> second = asking(token);

        // when
        first.interrupt();
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
        answer.complete("token");

        // then
        assertThat(second.get()).isEqualTo("token");
    }

    @Test
    void a_token_that_was_read_a_moment_ago_is_not_read_anew_when_it_is_refused() throws Exception {
        // given
        VirtualRuntime runtime = VirtualRuntime.seeded(1);
        Token token = new SecretToken(name -> "token " + reads.incrementAndGet(), "CHAT_SECRET", "chat/hook", runtime);
        String refused = token.value();
        runtime.advance(SecretToken.AT_LEAST_KEPT.minusMillis(1));

        // when
        boolean renewed = token.renew(refused);
        String still = token.value();
        runtime.advance(Duration.ofMillis(1));
        boolean renewedLater = token.renew(refused);

        // then
        assertThat(renewed).isFalse();
        assertThat(still).isEqualTo("token 1");
        assertThat(renewedLater).isTrue();
        assertThat(token.value()).isEqualTo("token 2");
    }

    @Test
    void of_two_who_were_refused_the_same_token_one_reads_anew() throws Exception {
        // given
        VirtualRuntime runtime = VirtualRuntime.seeded(1);
        Token token = new SecretToken(name -> "token " + reads.incrementAndGet(), "CHAT_SECRET", "chat/hook", runtime);
        String refused = token.value();
        runtime.advance(SecretToken.AT_LEAST_KEPT);

        // when the second says so when the first has a new one already
        token.renew(refused);
        token.value();
        token.renew(refused);

        // then
        assertThat(token.value()).isEqualTo("token 2");
    }

    @Test
    void a_read_that_failed_is_tried_again_by_the_next() throws Exception {
        // given
        Token token = token(name -> {
            if (reads.incrementAndGet() == 1) {
                throw new IOException("can't be read: it is not there");
            }
            return "token";
        });
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(token::value)
                .withMessage("the secret that CHAT_SECRET names can't be read: it is not there")
                .withNoCause();

        // then
        assertThat(token.value()).isEqualTo("token");
    }

    @Test
    void what_else_goes_wrong_is_named_by_its_class() {
        // given
        Token token = token(name -> {
            throw new IllegalStateException("no such secret: " + name);
        });

        // then
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(token::value)
                .withMessage("the secret that CHAT_SECRET names can't be read: IllegalStateException")
                .withNoCause();
    }

    @Test
    void it_shows_neither_its_value_nor_where_it_is_kept() throws Exception {
        // given
        Token token = token(name -> "hidden");
        token.value();

        // then
        assertThat(token).asString().doesNotContain("hidden", "chat/hook");
        assertThat(Token.of("hidden")).asString().doesNotContain("hidden");
    }

    private static Token token(Secrets secrets) {
        return new SecretToken(secrets, "CHAT_SECRET", "chat/hook", ForkRuntime.system());
    }

    private static CompletableFuture<String> asking(Token token) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return token.value();
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                ForkRuntime.system().handlers());
    }
}
