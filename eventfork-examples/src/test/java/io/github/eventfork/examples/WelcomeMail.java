package io.github.eventfork.examples;

import io.github.eventfork.Event;
import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Properties;

/** Welcomes who signs up, by e-mail. Two of them would be embarrassing, so the fork claims a key. */
final class WelcomeMail implements EventHandler<Signup> {

    private final Session smtp;

    WelcomeMail(Session smtp) {
        this.smtp = smtp;
    }

    static Fork fork(Services services) {
        return fork(smtp(services));
    }

    static Fork fork(Session smtp) {
        return Fork.named("welcome-mail")
                .on("signup", Signup.class, new WelcomeMail(smtp))
                .retry(RetryPolicy.exponential(Duration.ofSeconds(1), Duration.ofMinutes(5))
                        .withJitter()
                        .withAttempts(3))
                .idempotency(Idempotency.in(new InMemoryIdempotencyStore())
                        .by(IdempotencyKey.attribute("id").orEventId()))
                .build();
    }

    @Override
    public void handle(Event<Signup> event) throws MessagingException {
        MimeMessage mail = new MimeMessage(smtp);
        mail.setFrom();
        mail.setRecipient(RecipientType.TO, address(event.payload().email()));
        mail.setSubject("Welcome", "UTF-8");
        mail.setText("Good to have you with us, " + event.payload().name() + "!", "UTF-8");
        try {
            Transport.send(mail);
        } catch (SendFailedException e) {
            throw e.getInvalidAddresses().length > 0
                    ? new RejectedEventException("the mail server refuses the address")
                    : new IllegalStateException("the mail server does not take the mail now");
        }
    }

    static Session smtp(Services services) {
        Properties settings = new Properties();
        settings.put("mail.smtp.host", services.required("SMTP_HOST"));
        settings.put("mail.smtp.port", services.required("SMTP_PORT"));
        settings.put("mail.from", services.required("MAIL_FROM"));
        settings.put("mail.smtp.connectiontimeout", "2000");
        settings.put("mail.smtp.timeout", "5000");
        settings.put("mail.smtp.writetimeout", "5000");
        return Session.getInstance(settings);
    }

    private static InternetAddress address(String text) {
        try {
            return new InternetAddress(text, true);
        } catch (AddressException e) {
            throw new RejectedEventException("the e-mail address is none");
        }
    }
}
