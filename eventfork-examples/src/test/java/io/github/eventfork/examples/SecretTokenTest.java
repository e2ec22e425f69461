package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.eventfork.ForkRuntime;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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
    void of_two_who_were_refused_the_same_token_one_reads_anew() throws Exception {
        // given
        Token token = token(name -> "token " + reads.incrementAndGet());
        String refused = token.value();

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
                throw new IOException("secret '" + name + "' can't be read");
            }
            return "token";
        });
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(token::value)
                .withMessage("secret 'chat/hook' can't be read");

        // then
        assertThat(token.value()).isEqualTo("token");
    }

    @Test
    void it_does_not_show_its_value() throws Exception {
        // given
        Token token = token(name -> "hidden");
        token.value();

        // then
        assertThat(token).asString().doesNotContain("hidden");
        assertThat(Token.of("hidden")).asString().doesNotContain("hidden");
    }

    private static Token token(Secrets secrets) {
        return new SecretToken(secrets, "chat/hook", ForkRuntime.system());
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
