package io.github.eventfork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.conformance.TroubleStage.Failure;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever goes wrong, and whatever goes wrong at the same time, the promises hold. */
@Tag("slow")
class TroubleStoriesTest {

    private static final long SEED = Long.getLong("trouble.seed", 20_261_201);
    private static final int STORIES = Integer.getInteger("trouble.stories", 2_000);

    @Test
    void random_stories_of_trouble_end_well() {
        Optional<Failure> failure = LongStream.range(SEED, SEED + STORIES)
                .mapToObj(TroubleStory::of)
                .parallel()
                .map(TroubleStage::play)
                .flatMap(Optional::stream)
                .findFirst();

        assertThat(failure)
                .as(() -> failure.map(first -> TroubleStories.text(first, TroubleStories.shortest(first)))
                        .orElse(""))
                .isEmpty();
    }
}
