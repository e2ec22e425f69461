package io.github.eventfork.conformance.docs;

import static io.github.eventfork.filter.Condition.absent;
import static io.github.eventfork.filter.Condition.anythingBut;
import static io.github.eventfork.filter.Condition.atLeast;
import static io.github.eventfork.filter.Condition.cidr;
import static io.github.eventfork.filter.Condition.lessThan;
import static io.github.eventfork.filter.Condition.oneOf;
import static io.github.eventfork.filter.Conditions.where;
import static io.github.eventfork.testkit.EventforkAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.EventType;
import io.github.eventfork.Fork;
import io.github.eventfork.testkit.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of docs/filtering.md, word for word. */
class FilteringExamplesTest {

    private record Signup(String email) {}

    private final List<Signup> crm = new ArrayList<>();
    private final List<String> log = new ArrayList<>();

    @Test
    void conditions_on_attributes() throws Exception {
        Fork sales = sales();

        assertPolicyIsInTheDocument(sales);
    }

    @Test
    void conditions_on_the_body() throws Exception {
        assertPolicyIsInTheDocument(audit());
    }

    @Test
    void groups_of_conditions() throws Exception {
        Fork welcome = welcome();

        assertPolicyIsInTheDocument(welcome);
        assertThat(welcome)
                .receives(Map.of("event", "signup", "plan", "team"))
                .receives(Map.of("event", "signup", "plan", "free", "seats", 10))
                .ignores(Map.of("event", "signup", "plan", "free", "seats", 9));
    }

    @Test
    void assertions() {
        Fork sales = sales();
        Fork audit = audit();
        Fork mailingList = Fork.named("mailing-list")
                .on("signup", Signup.class, event -> crm.add(event.payload()))
                .build();

        // spotless:off
        assertThat(mailingList).receives("signup").ignores("login");
        assertThat(sales)
                .receives(Message.sns("signup", "{}").attribute("plan", "pro").attribute("seats", "Number", "10"))
                .receives(Map.of("event", "upgrade", "plan", "team", "seats", 999))
                .ignores(Map.of("event", "signup", "plan", "free", "seats", 10))
                .ignores(Map.of("event", "signup", "plan", "pro", "seats", 1000));
        assertThat(audit)
                .receivesBody("{\"meta\":{\"type\":\"login\"},\"user\":{\"plan\":\"pro\"},\"source\":\"10.1.2.3\"}")
                .ignoresBody("{\"meta\":{\"type\":\"login\"},\"user\":{\"plan\":\"pro\"},\"source\":\"11.1.2.3\"}");
        // spotless:on
    }

    private Fork sales() {
        Fork sales = Fork.named("sales")
                .on("signup", Signup.class, event -> crm.add(event.payload()))
                .on("upgrade", Signup.class, event -> crm.add(event.payload()))
                .where("plan", oneOf("pro", "team"))
                .where("seats", atLeast(10).and(lessThan(1000)))
                .where("test", absent())
                .build();
        return sales;
    }

    private Fork audit() {
        Fork audit = Fork.named("audit")
                .type(EventType.jsonPointer("/meta/type"))
                .on("login", String.class, event -> log.add(event.payload()))
                .whereBody("/user/plan", anythingBut("free"))
                .whereBody("/source", cidr("10.0.0.0/8").or(absent()))
                .build();
        return audit;
    }

    private Fork welcome() {
        // spotless:off
        Fork welcome = Fork.named("welcome")
                .on("signup", Signup.class, event -> crm.add(event.payload()))
                .whereAnyOf(
                        where("plan", oneOf("pro", "team")),
                        where("plan", oneOf("free")).and("seats", atLeast(10)))
                .build();
        // spotless:on
        return welcome;
    }

    private static void assertPolicyIsInTheDocument(Fork fork) throws Exception {
        assertThat(Files.readString(Path.of("../docs/filtering.md")))
                .contains("\n" + fork.filterPolicy().json() + "\n");
    }
}
