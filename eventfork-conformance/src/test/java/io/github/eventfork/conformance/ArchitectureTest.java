package io.github.eventfork.conformance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.eventfork.ForkParts;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.envelope.Pointer;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.Test;

/** The arrows of docs/architecture.md: between modules, between the packages of core, and to libraries. */
class ArchitectureTest {

    private static final String ROOT = "io.github.eventfork";
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    private static final String[] CORE = {
        ROOT,
        ROOT + ".engine",
        ROOT + ".queue",
        ROOT + ".filter",
        ROOT + ".envelope",
        ROOT + ".payload",
        ROOT + ".idempotency",
        ROOT + ".text",
        ROOT + ".classpath"
    };

    @Test
    void core_knows_jackson_slf4j_and_jspecify_and_nothing_else() {
        classes()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(concat(
                        CORE,
                        "java..",
                        "com.fasterxml.jackson..",
                        "org.slf4j..",
                        "org.jspecify..",
                        "com.google.errorprone.annotations.."))
                .check(ALL);
    }

    @Test
    void envelope_payload_idempotency_text_and_classpath_know_only_themselves() {
        for (String leaf : new String[] {"envelope", "payload", "idempotency", "text", "classpath"}) {
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + "." + leaf)
                    .should()
                    .dependOnClassesThat(anotherOfOurs(ROOT + "." + leaf))
                    .check(ALL);
        }
    }

    @Test
    void the_filter_knows_pointers_and_log_text_and_nothing_else_of_ours() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".filter")
                .should()
                .dependOnClassesThat(anotherOfOurs(ROOT + ".filter")
                        .and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(ROOT + ".text")))
                        .and(DescribedPredicate.not(JavaClass.Predicates.equivalentTo(Pointer.class))))
                .check(ALL);
    }

    @Test
    void the_root_knows_neither_engine_nor_queue_and_the_engine_not_the_queue() {
        noClasses()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".engine", ROOT + ".queue")
                .check(ALL);
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".engine")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".queue")
                .check(ALL);
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void jackson_types_stand_in_signatures_of_the_payload_package_only() {
        classes()
                .that()
                .resideInAnyPackage(ROOT, ROOT + ".engine", ROOT + ".queue", ROOT + ".envelope", ROOT + ".idempotency")
                .and()
                .arePublic()
                .should(ArchitectureRules.haveNoPublicSignatureWith("com.fasterxml.jackson"))
                .check(ALL);
    }

    @Test
    void lambda_knows_no_aws_client_and_none_of_our_other_modules() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".lambda..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "software.amazon.awssdk..",
                        ROOT + ".queue..",
                        ROOT + ".poller..",
                        ROOT + ".topology..",
                        ROOT + ".testkit..",
                        ROOT + ".local..")
                .check(ALL);
    }

    @Test
    void the_poller_knows_core_and_sqs() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".poller..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "software.amazon.awssdk.services.sns..",
                        "com.amazonaws..",
                        ROOT + ".lambda..",
                        ROOT + ".topology..",
                        ROOT + ".testkit..",
                        ROOT + ".local..")
                .check(ALL);
    }

    @Test
    void the_topology_knows_core_and_the_aws_clients() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".topology..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + ".queue..",
                        ROOT + ".poller..",
                        ROOT + ".lambda..",
                        ROOT + ".testkit..",
                        ROOT + ".local..")
                .check(ALL);
    }

    @Test
    void testkit_and_local_see_no_adapter() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".testkit..", ROOT + ".local..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".poller..", ROOT + ".lambda..", ROOT + ".topology..", ROOT + ".examples..")
                .check(ALL);
    }

    @Test
    void testkit_sees_no_aws_client() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".testkit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon.awssdk..", ROOT + ".local..")
                .check(ALL);
    }

    @Test
    void time_chance_and_threads_come_from_the_runtime_only() {
        noClasses()
                .that()
                .resideInAnyPackage(concat(CORE, ROOT + ".poller..", ROOT + ".lambda..", ROOT + ".topology.."))
                .and()
                .areNotAssignableTo(ForkRuntime.class)
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Timer.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Clock.class,
                        Random.class,
                        SplittableRandom.class,
                        ThreadLocalRandom.class,
                        Executors.class,
                        ThreadPoolExecutor.class)
                .check(ALL);
    }

    /** There is one seam between the words and the engine, and no second way. */
    @Test
    void one_class_of_the_engine_extends_the_parts_of_a_fork_and_nobody_else_does() {
        classes()
                .that()
                .areAssignableTo(ForkParts.class)
                .and()
                .doNotHaveFullyQualifiedName(ForkParts.class.getName())
                .should()
                .haveFullyQualifiedName(ROOT + ".engine.Parts")
                .check(ALL);
    }

    /** Neither thread locals nor a class loader: a runtime serves the whole JVM, and whoever was first would be kept by it. */
    @Test
    void a_thread_inherits_nothing_of_the_one_that_made_it() {
        noClasses()
                .that()
                .resideInAnyPackage(concat(CORE, ROOT + ".poller..", ROOT + ".lambda..", ROOT + ".topology.."))
                .should()
                .callConstructorWhere(DescribedPredicate.describe(
                        "it makes a thread that inherits thread locals",
                        call -> call.getTargetOwner().isEquivalentTo(Thread.class)
                                && call.getTarget().getRawParameterTypes().size() < 5))
                .check(ALL);
    }

    /** Else javac warns everybody who compiles against them that it can't find the annotation. */
    @Test
    void no_class_that_users_see_carries_an_annotation_that_they_do_not_have() {
        noFields()
                .that()
                .areDeclaredInClassesThat(usersSee())
                .should()
                .beAnnotatedWith("com.google.errorprone.annotations.concurrent.GuardedBy")
                .check(ALL);
    }

    @Test
    void nobody_is_named_for_a_pattern() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "..")
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameStartingWith("Abstract")
                .check(ALL);
    }

    private static DescribedPredicate<JavaClass> usersSee() {
        return DescribedPredicate.describe(
                "users see",
                type -> type.getModifiers().contains(JavaModifier.PUBLIC)
                        && !type.getPackageName().equals(ROOT + ".engine")
                        && !type.getPackageName().equals(ROOT + ".queue"));
    }

    private static DescribedPredicate<JavaClass> anotherOfOurs(String own) {
        return DescribedPredicate.describe(
                "are of another package of ours",
                type -> type.getPackageName().startsWith(ROOT)
                        && !type.getPackageName().equals(own));
    }

    private static String[] concat(String[] first, String... more) {
        String[] all = new String[first.length + more.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }
}
