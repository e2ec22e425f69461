package io.github.eventfork.benchmarks;

import io.github.eventfork.local.LocalAws;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.stream.DoubleStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The benchmarks, a sub-command each. They print figures and judge nothing. */
@Command(
        name = "eventfork-benchmarks",
        mixinStandardHelpOptions = true,
        subcommandsRepeatable = true,
        subcommands = {ConsumeCommand.class, LatencyCommand.class, DrainCommand.class})
final class Main {

    private Main() {}

    /** Runs the sub-commands that are named. */
    public static void main(String[] args) {
        int exit = new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAllowSubcommandsAsOptionParameters(true)
                .execute(args);
        if (exit != 0) {
            System.exit(exit);
        }
    }

    @Command(
            name = "start-up",
            description = "From the start of a process to its first answer, ours and moto's in turn.")
    int startUp(@Option(names = "--rounds", defaultValue = "5") int rounds) throws IOException, InterruptedException {
        List<Rival> rivals = List.of(Rival.Command.oursAlone(), Rival.Command.moto());
        double[][] seconds = new double[rivals.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int rival = 0; rival < rivals.size(); rival++) {
                long begun = System.nanoTime();
                Rival.Running running = rivals.get(rival).start();
                seconds[rival][round] = (System.nanoTime() - begun) / 1e9;
                running.close();
            }
        }
        print("start-up, s", rivals, seconds, "%.2f");
        return 0;
    }

    @Command(name = "throughput", description = "Messages per second, published and drained in batches of ten.")
    int throughput(
            @Option(names = "--messages", defaultValue = "20000") long messages,
            @Option(names = "--clients", defaultValue = "4") int clients,
            @Option(names = "--rounds", defaultValue = "5") int rounds)
            throws IOException, InterruptedException {
        long warmUpMessages = wholeBatches(messages / 4);
        long each = wholeBatches(messages);
        List<Rival> rivals = List.of(Rival.Command.oursAlone(), Rival.Command.moto());
        double[][] published = new double[rivals.size()][rounds];
        double[][] drained = new double[rivals.size()][rounds];
        List<Rival.Running> running = new ArrayList<>();
        try {
            for (Rival rival : rivals) {
                running.add(rival.start());
                try (FanOut warmUp = new FanOut(running.get(running.size() - 1).endpoint(), clients)) {
                    warmUp.publish(warmUpMessages);
                    warmUp.drain(warmUpMessages);
                }
            }
            for (int round = 0; round < rounds; round++) {
                for (int rival = 0; rival < rivals.size(); rival++) {
                    try (FanOut fanOut = new FanOut(running.get(rival).endpoint(), clients)) {
                        published[rival][round] = each * 1e9 / fanOut.publish(each);
                        drained[rival][round] = each * 1e9 / fanOut.drain(each);
                    }
                }
            }
        } finally {
            running.forEach(Rival.Running::close);
        }
        print("published per second", rivals, published, "%.0f");
        print("drained per second", rivals, drained, "%.0f");
        return 0;
    }

    @Command(name = "memory", description = "The heap of this JVM while messages go through the server in it.")
    int memory(
            @Option(names = "--messages", defaultValue = "1000000") long messages,
            @Option(names = "--clients", defaultValue = "4") int clients)
            throws IOException, InterruptedException {
        try (Rival.Running ours = new Rival.Ours().start();
                FanOut fanOut = new FanOut(ours.endpoint(), clients)) {
            long step = wholeBatches(messages / 10);
            fanOut.publish(step);
            fanOut.drain(step);
            System.out.printf(Locale.ROOT, "%,d messages: %,d KiB of heap in use%n", step, usedKib());
            for (long through = 2 * step; through <= messages; through += step) {
                fanOut.publish(step);
                fanOut.drain(step);
                System.out.printf(Locale.ROOT, "%,d messages: %,d KiB of heap in use%n", through, usedKib());
            }
        }
        return 0;
    }

    /** At least one batch of ten: what is left of one would be waited for and never published. */
    private static long wholeBatches(long messages) {
        return Math.max(10, messages / 10 * 10);
    }

    private static long usedKib() {
        for (int collection = 0; collection < 3; collection++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024;
    }

    @Command(name = "serve", description = "Runs the server until it is ended; the others start it so.")
    int serve(@Option(names = "-p", defaultValue = "0") int port) throws InterruptedException {
        try (LocalAws local = LocalAws.builder().port(port).start()) {
            System.out.println("listening on " + local.endpoint());
            new CountDownLatch(1).await();
        }
        return 0;
    }

    /** The first rival's figures, the others', and its ratio to each. */
    private static void print(String what, List<Rival> rivals, double[][] figures, String format) {
        Figures first = new Figures(DoubleStream.of(figures[0]).boxed().toList());
        for (int rival = 0; rival < rivals.size(); rival++) {
            Figures own = new Figures(DoubleStream.of(figures[rival]).boxed().toList());
            String ratio = rival == 0 ? "" : "; ratio " + first.over(own).text("%.2f");
            System.out.println(what + ", " + rivals.get(rival).name() + ": " + own.text(format) + ratio);
        }
    }
}
