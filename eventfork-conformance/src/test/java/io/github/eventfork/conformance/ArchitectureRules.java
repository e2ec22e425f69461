package io.github.eventfork.conformance;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Stream;

/** Conditions that ArchUnit does not bring. */
final class ArchitectureRules {

    private ArchitectureRules() {}

    static ArchCondition<JavaClass> haveNoPublicSignatureWith(String packagePrefix) {
        return new ArchCondition<>("have no public signature with types of " + packagePrefix) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaMethod method : type.getMethods()) {
                    boolean seen = method.getModifiers().contains(JavaModifier.PUBLIC);
                    Stream.concat(method.getRawParameterTypes().stream(), Stream.of(method.getRawReturnType()))
                            .filter(used -> seen && used.getPackageName().startsWith(packagePrefix))
                            .forEach(used -> events.add(
                                    SimpleConditionEvent.violated(method, method.getFullName() + " shows " + used)));
                }
            }
        };
    }
}
