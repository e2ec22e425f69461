package io.github.eventfork.examples;

import io.github.eventfork.ForkRuntime;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The three services, as the environment describes them. A variable {@code X} for a token may be left out for {@code
 * X_SECRET}, the name or ARN of a secret in AWS Secrets Manager. An ARN's region is asked; else that of the process.
 *
 * <table>
 * <caption>Variables</caption>
 * <tr><td>{@code ANALYTICS_URL}</td><td>default: {@code https://api.segment.io}</td></tr>
 * <tr><td>{@code ANALYTICS_WRITE_KEY}</td><td>a token</td></tr>
 * <tr><td>{@code MAILING_LIST_URL}</td><td>such as {@code https://us1.api.mailchimp.com}</td></tr>
 * <tr><td>{@code MAILING_LIST_ID}</td><td>the list's id</td></tr>
 * <tr><td>{@code MAILING_LIST_API_KEY}</td><td>a token</td></tr>
 * <tr><td>{@code CHAT_WEBHOOK_URL}</td><td>a token: an address at one of Slack's hosts</td></tr>
 * <tr><td>{@code CHAT_WEBHOOK_HOSTS}</td><td>other hosts that the webhook may be at, with commas between; default: none</td></tr>
 * </table>
 *
 * <p>Addresses are of https; those on this machine may be of http. What is wrong is gathered, so ask for the services that you need, then {@link #check()}, and only then call one.
 * Mutable; for one thread.
 */
final class Services {

    /** Stands for an address that is missing: nothing is called before {@link #check()}. */
    private static final URI NOWHERE = URI.create("http://localhost");

    /** Stands for a token that is missing or wrong, likewise. */
    private static final Token NOTHING = Token.of("");

    private static final String SECRET = "_SECRET";
    private static final Pattern HOST = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)+");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]+");

    private final Map<String, String> environment;
    private final Function<Optional<String>, Secrets> secretsManager;
    private final List<String> missing = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();

    /** By region; the one that the SDK finds has none. */
    private final Map<Optional<String>, Secrets> secrets = new HashMap<>();

    /** Services described by {@code environment}, with secrets of the account that the AWS SDK finds. */
    Services(Map<String, String> environment) {
        this(environment, AwsSecrets::in);
    }

    /** The same with secrets as {@code secretsManager} has them in a region; an {@link IllegalStateException} of it is gathered, too. */
    Services(Map<String, String> environment, Function<Optional<String>, Secrets> secretsManager) {
        this.environment = environment;
        this.secretsManager = secretsManager;
    }

    EventCounter analytics() {
        URI url = address("ANALYTICS_URL", Optional.of("https://api.segment.io"));
        return new SegmentCounter(url, new HttpService("the analytics service", token("ANALYTICS_WRITE_KEY")));
    }

    Subscribers mailingList() {
        URI url = address("MAILING_LIST_URL", Optional.empty());
        String list = id("MAILING_LIST_ID");
        return new MailchimpSubscribers(url, list, new HttpService("the mailing list", token("MAILING_LIST_API_KEY")));
    }

    Chat chat() {
        Token webhook = token("CHAT_WEBHOOK_URL");
        Set<String> hosts = hosts("CHAT_WEBHOOK_HOSTS");
        value("CHAT_WEBHOOK_URL")
                .filter(url -> SlackChat.webhook(url, hosts).isEmpty())
                .ifPresent(
                        url -> wrong.add("CHAT_WEBHOOK_URL is no https address at a host of Slack's; name other hosts"
                                + " in CHAT_WEBHOOK_HOSTS, with commas between"));
        return new SlackChat(new HttpService("the chat", webhook), hosts);
    }

    /** The value of a variable, for a service that is none of these; empty if it is missing, which is gathered. */
    String required(String name) {
        return value(name).orElseGet(() -> {
            missing.add(name);
            return "";
        });
    }

    /**
     * Returns if nothing was missing or wrong so far.
     *
     * @throws IllegalStateException that names all of it, and no value
     */
    void check() {
        List<String> sentences = new ArrayList<>(wrong);
        if (!missing.isEmpty()) {
            sentences.add(0, "the environment lacks " + String.join(", ", missing));
        }
        if (!sentences.isEmpty()) {
            throw new IllegalStateException(String.join("; ", sentences));
        }
    }

    private URI address(String name, Optional<String> otherwise) {
        Optional<String> text = value(name).or(() -> otherwise);
        if (text.isEmpty()) {
            missing.add(name);
            return NOWHERE;
        }
        return HttpAddress.read(text.get()).orElseGet(() -> {
            wrong.add(name + " is no https address; http is for this machine only");
            return NOWHERE;
        });
    }

    /** Names of hosts, with commas between; none if the variable is not set. */
    private Set<String> hosts(String name) {
        Set<String> hosts = new LinkedHashSet<>();
        for (String host : value(name).map(text -> text.split(",", -1)).orElse(new String[0])) {
            String plain = host.strip().toLowerCase(Locale.ROOT);
            if (HOST.matcher(plain).matches()) {
                hosts.add(plain);
            } else {
                wrong.add(name + " must be names of hosts with commas between");
            }
        }
        return hosts;
    }

    /** An id becomes part of an address, beside what is personal: one that is none would fail there, and be quoted. */
    private String id(String name) {
        Optional<String> id = value(name);
        if (id.isEmpty()) {
            missing.add(name);
        } else if (!ID.matcher(id.get()).matches()) {
            wrong.add(name + " is no id, which is letters, digits, '-' and '_'");
        }
        return id.orElse("");
    }

    private Token token(String name) {
        Optional<String> given = value(name);
        Optional<String> secret = value(name + SECRET);
        if (given.isPresent() && secret.isPresent()) {
            wrong.add(name + " and " + name + SECRET + " are both set, keep one");
        } else if (given.isEmpty() && secret.isEmpty()) {
            missing.add(name + " (or " + name + SECRET + ", the name or ARN of a secret)");
        }
        return secret.map(nameOrArn -> secretToken(name + SECRET, nameOrArn))
                .orElseGet(() -> given.map(Token::of).orElse(NOTHING));
    }

    private Token secretToken(String name, String nameOrArn) {
        Optional<SecretName> secret = SecretName.read(nameOrArn);
        if (secret.isEmpty()) {
            wrong.add(name + " is no name or ARN of a secret");
            return NOTHING;
        }
        try {
            Secrets kept = secrets.computeIfAbsent(secret.get().region(), secretsManager);
            return new SecretToken(kept, name, secret.get().nameOrArn(), ForkRuntime.system());
        } catch (IllegalStateException noRegion) {
            wrong.add(name + ": " + noRegion.getMessage());
            return NOTHING;
        }
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }
}
