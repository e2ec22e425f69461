package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Event;
import io.github.eventfork.RejectedEventException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HandlersTest {

    private static final Event<Signup> ADA = Event.of("signup", new Signup("Ada", "ada@example.org"));

    @Test
    void analytics_counts_signups_and_logins_apart() {
        // given
        InMemoryEventCounter counter = new InMemoryEventCounter();
        Analytics analytics = new Analytics(counter);

        // when
        analytics.signup(ADA);
        analytics.login(Event.of("login", new Login("ada@example.org", Instant.EPOCH)));
        analytics.login(Event.of("login", new Login("ada@example.org", Instant.EPOCH)));

        // then
        assertThat(counter.of("signup")).isEqualTo(1);
        assertThat(counter.of("login")).isEqualTo(2);
    }

    @Test
    void the_mailing_list_holds_who_signed_up_once() {
        // given
        InMemorySubscribers subscribers = new InMemorySubscribers();
        MailingList mailingList = new MailingList(subscribers);

        // when the same address comes twice, the second time with another name
        mailingList.handle(ADA);
        mailingList.handle(Event.of("signup", new Signup("Ada Lovelace", "ada@example.org")));

        // then
        assertThat(subscribers.all()).containsOnlyKeys("ada@example.org").containsValue("Ada Lovelace");
    }

    @Test
    void an_address_without_an_at_sign_is_rejected_and_not_quoted() {
        MailingList mailingList = new MailingList(new InMemorySubscribers());

        assertThatThrownBy(() -> mailingList.handle(Event.of("signup", new Signup("Ada", "ada.example.org"))))
                .isInstanceOf(RejectedEventException.class)
                .message()
                .doesNotContain("ada");
    }

    @Test
    void the_list_never_answers_for_unreachable_addresses_and_the_second_time_for_flaky_ones() {
        // given
        InMemorySubscribers subscribers = new InMemorySubscribers();

        // then
        assertThatThrownBy(() -> subscribers.upsert("a@unreachable.example", "A"))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> subscribers.upsert("a@unreachable.example", "A"))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> subscribers.upsert("b@flaky.example", "B")).isInstanceOf(IllegalStateException.class);
        subscribers.upsert("b@flaky.example", "B");
        assertThat(subscribers.all()).containsOnlyKeys("b@flaky.example");
    }

    @Test
    void the_chat_is_told_who_signed_up() {
        // given
        InMemoryChat chat = new InMemoryChat();

        // when
        new ChatNotifications(chat).handle(Event.of("signup", new Signup("日本 太郎", "taro@example.org")));

        // then
        assertThat(chat.announcements()).containsExactly("日本 太郎 signed up");
    }
}
