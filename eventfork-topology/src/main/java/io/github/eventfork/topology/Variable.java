package io.github.eventfork.topology;

import java.util.Map;

/** What an environment variable of a function holds. */
sealed interface Variable {

    /** As it stands in a template. */
    Object rendered();

    /** A value that is known now. */
    record Text(String value) implements Variable {
        @Override
        public Object rendered() {
            return value;
        }
    }

    /**
     * What a parameter of the template gives.
     *
     * @param parameter gives it
     * @param secret whether it is the ARN of a secret, which the function may read
     */
    record Given(TemplateParameter parameter, boolean secret) implements Variable {

        /** To the end, six characters of Secrets Manager's own: a policy that names less grants nothing. */
        private static final String SECRET_ARN = "^arn:[^:]+:secretsmanager:[^:]+:\\d{12}:secret:.+-[A-Za-z0-9]{6}$";

        @Override
        public Object rendered() {
            return Cfn.ref(parameter.name());
        }

        /** The parameter as it stands in a template. */
        Map<String, Object> declaration() {
            Map<String, Object> declaration = parameter.declaration();
            if (secret) {
                declaration.put("AllowedPattern", SECRET_ARN);
                declaration.put(
                        "ConstraintDescription",
                        "it must be the whole ARN of a secret in Secrets Manager, with its last six characters");
            }
            return declaration;
        }
    }
}
