package io.github.eventfork.examples;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a variable says of a secret: its name, or its ARN, and then its region. Never shows either. */
record SecretName(String nameOrArn, Optional<String> region) {

    /** By the rules of <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html">CreateSecret</a>. */
    private static final String NAME = "[A-Za-z0-9/_+=.@-]{1,512}";

    private static final Pattern EITHER =
            Pattern.compile("(?:arn:aws[a-z-]*:secretsmanager:([a-z0-9-]+):\\d{12}:secret:)?" + NAME);

    /** What {@code text} names; empty if it can be no name and no ARN of a secret, as an address can't. */
    static Optional<SecretName> read(String text) {
        Matcher matcher = EITHER.matcher(text);
        return matcher.matches()
                ? Optional.of(new SecretName(text, Optional.ofNullable(matcher.group(1))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return "SecretName[***]";
    }
}
