package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Event;
import io.github.eventfork.RejectedEventException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandlersTest {

    private static final Event<Signup> ADA = Event.of("signup", new Signup("Ada", "ada@example.org"));

    private final List<String> done = new ArrayList<>();

    @Test
    void analytics_counts_signups_and_logins_of_who_they_are() throws Exception {
        // given
        Analytics analytics = new Analytics((event, email) -> done.add(event.type() + " of " + email));

        // when
        analytics.signup(ADA);
        analytics.login(Event.of("login", new Login("bob@example.org", Instant.EPOCH)));

        // then
        assertThat(done).containsExactly("signup of ada@example.org", "login of bob@example.org");
    }

    @Test
    void the_mailing_list_is_told_address_and_name() throws Exception {
        new MailingList((email, name) -> done.add(email + " is " + name)).handle(ADA);

        assertThat(done).containsExactly("ada@example.org is Ada");
    }

    @Test
    void an_address_without_an_at_sign_is_rejected_and_not_quoted() {
        MailingList mailingList = new MailingList((email, name) -> done.add(email));

        assertThatThrownBy(() -> mailingList.handle(Event.of("signup", new Signup("Ada", "ada.example.org"))))
                .isInstanceOf(RejectedEventException.class)
                .message()
                .doesNotContain("ada");
        assertThat(done).isEmpty();
    }

    @Test
    void the_chat_is_told_who_signed_up() throws Exception {
        new ChatNotifications(done::add).handle(Event.of("signup", new Signup("日本 太郎", "taro@example.org")));

        assertThat(done).containsExactly("日本 太郎 signed up");
    }
}
