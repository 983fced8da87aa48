package io.securestreams.bench;

import io.securestreams.core.generate.PolicySource;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.json.PolicyParser;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.bouncycastle.asn1.ASN1Sequence;
import tools.jackson.core.JsonParser;

/** What a policy costs: time to read a large one, time to start with a small one, and heap. */
final class PolicyCosts {

  private static final int MANY = 1000;
  private static final int FEW = 20;
  private static final double WARM_AIM_MS = 50;
  private static final double COLD_AIM_MS = 150;
  private static final int WARM_UPS = 150;
  private static final int MEASURED = 50;
  private static final int KEPT = 20;
  private static final String STATIC_CLASS = "StaticPolicy";
  private static final String STATIC_PACKAGE = "generated";

  private PolicyCosts() {}

  /** What a process does that starts cold. */
  private enum Task {
    /** Starts and ends. */
    NOTHING,
    /** Reads the policy once. */
    PARSE,
    /** Takes the same policy from its generated class. */
    STATIC
  }

  /** The main class of those processes: compiled beside the generated policy. */
  private static final String START =
      """
      package generated;
      public final class Start {
        public static void main(String[] args) {
          if (args[0].equals("PARSE")) {
            io.securestreams.core.policy.json.PolicyParser.lenient()
                .parse(java.nio.file.Path.of(args[1])).orThrow();
          } else if (args[0].equals("STATIC")) {
            StaticPolicy.database();
          }
        }
      }
      """;

  /** Measures each in processes of their own; those of a cold start this often. */
  static String table(int starts) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("policy-costs");
    Path many = Files.writeString(folder.resolve("many.json"), LargePolicy.text(MANY));
    Path few = Files.writeString(folder.resolve("few.json"), LargePolicy.text(FEW));
    StringBuilder table = new StringBuilder("| policy | cost |\n|---|---|\n");
    Process warm = Jvm.start(List.of("-Xmx512m"), PolicyCosts.class, many.toString());
    try (BufferedReader output = warm.inputReader(StandardCharsets.UTF_8)) {
      output.lines().forEach(line -> table.append(line).append('\n'));
    }
    compile(few, folder);
    Map<Task, List<Double>> times = new EnumMap<>(Task.class);
    for (int start = 0; start < starts; start++) {
      for (Task task : List.of(Task.NOTHING, Task.PARSE, Task.STATIC)) {
        times.computeIfAbsent(task, t -> new ArrayList<>()).add(millis(task, few, folder));
      }
    }
    double nothing = Sample.median(times.getOrDefault(Task.NOTHING, List.of()), time -> time);
    double parse = Sample.median(times.getOrDefault(Task.PARSE, List.of()), time -> time);
    double built = Sample.median(times.getOrDefault(Task.STATIC, List.of()), time -> time);
    return table
        .append(
            row(
                FEW + " stream types parsed by a new process, beyond its start",
                parse - nothing,
                COLD_AIM_MS))
        .append(row("the same from a generated class", built - nothing, COLD_AIM_MS))
        .toString();
  }

  /** Reads the policy that the argument names over and over, and tells how long that takes. */
  public static void main(String[] args) throws IOException, InterruptedException {
    System.out.println(warm(Files.readString(Path.of(args[0]))));
  }

  private static double millis(Task task, Path policy, Path classes)
      throws IOException, InterruptedException {
    String classPath = classPath(classes);
    long start = System.nanoTime();
    Process process =
        Jvm.start(
            List.of("-cp", classPath), STATIC_PACKAGE + ".Start", task.name(), policy.toString());
    if (process.waitFor() != 0) {
      throw new IOException("the process that should " + task + " failed");
    }
    return (System.nanoTime() - start) / 1e6;
  }

  /**
   * What reading a policy needs and nothing else: the Java platform looks through a whole class
   * path for loggers when it reads its first certificate.
   */
  private static String classPath(Path classes) {
    return Stream.concat(
            Stream.of(PolicyParser.class, JsonParser.class, ASN1Sequence.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath()),
            Stream.of(classes.toString()))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static void compile(Path policy, Path folder) throws IOException {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    if (javac == null) {
      throw new IOException("the benchmark of generated policies needs a JDK");
    }
    PolicyDatabase database = PolicyParser.lenient().parse(policy).orThrow();
    PolicySource source = PolicySource.of(database, STATIC_PACKAGE, STATIC_CLASS, "few.json");
    Path file = Files.writeString(folder.resolve(STATIC_CLASS + ".java"), source.text());
    Path start = Files.writeString(folder.resolve("Start.java"), START);
    String classPath = System.getProperty("java.class.path");
    int result =
        javac.run(
            null,
            null,
            null,
            "-proc:none",
            "-cp",
            classPath,
            "-d",
            folder.toString(),
            file.toString(),
            start.toString());
    if (result != 0) {
      throw new IOException("the generated policy does not compile");
    }
  }

  private static String warm(String text) throws InterruptedException {
    List<Double> times = new ArrayList<>();
    for (int round = 0; round < WARM_UPS + MEASURED; round++) {
      long start = System.nanoTime();
      PolicyParser.lenient().parse(text, "many").orThrow();
      if (round >= WARM_UPS) {
        times.add((System.nanoTime() - start) / 1e6);
      }
    }
    PolicyDatabase[] kept = new PolicyDatabase[KEPT];
    long before = usedHeap();
    for (int i = 0; i < KEPT; i++) {
      kept[i] = PolicyParser.lenient().parse(text, "many").orThrow();
    }
    long each = (usedHeap() - before) / KEPT / kept[0].streamTypes().size();
    return row(MANY + " stream types parsed, warm", Sample.median(times, t -> t), WARM_AIM_MS)
        + "| heap per stream type | "
        + each
        + " B |";
  }

  private static String row(String title, double millis, double aim) {
    return String.format(
        Locale.ROOT,
        "| %s | %.1f ms %s |%n",
        title,
        millis,
        millis <= aim ? "(met)" : String.format(Locale.ROOT, "(above %.0f ms)", aim));
  }

  private static long usedHeap() throws InterruptedException {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100); // reference handlers
      used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return used;
  }
}
