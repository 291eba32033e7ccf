import java.io.BufferedReader;
import java.io.FileReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A client of Kafka for tests. Its argument is a file with the properties of a client; it reads commands from standard
 * input, a line each, and answers each with a line: "answer: done ..." or "answer: failed " with the error's name.
 */
public final class KafkaProgram {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int SCRAM_ITERATIONS = 4096;
  private static final Pattern PLACE = Pattern.compile("\\{n(?:%(\\d+))?\\}");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private final Properties properties;

  private KafkaProgram(Properties properties) {
    this.properties = properties;
  }

  public static void main(String[] arguments) throws Exception {
    Properties properties = new Properties();
    try (FileReader file = new FileReader(arguments[0], StandardCharsets.UTF_8)) {
      properties.load(file);
    }
    KafkaProgram program = new KafkaProgram(properties);
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      System.out.println("answer: " + program.answer(line));
    }
  }

  private String answer(String line) throws InterruptedException {
    try {
      return "done " + act(line.split(" "), line);
    } catch (ExecutionException | KafkaException error) {
      Throwable cause = error;
      // The innermost says what the broker or the client itself objects to.
      while (cause.getCause() instanceof KafkaException inner) cause = inner;
      if (cause instanceof ExecutionException && cause.getCause() != null) cause = cause.getCause();
      return "failed " + cause.getClass().getSimpleName() + " " + String.valueOf(cause.getMessage()).replace('\n', ' ');
    }
  }

  private Object act(String[] command, String line) throws ExecutionException, InterruptedException {
    return switch (command[0]) {
      case "nodes" -> withAdmin(admin -> admin.describeCluster().nodes().get().size());
      case "create-topic" -> createTopic(command[1], Integer.parseInt(command[2]));
      case "delete-topic" -> withAdmin(admin -> admin.deleteTopics(List.of(command[1])).all().get());
      case "alter-topic" -> alterTopic(command[1]);
      // A password may hold blanks.
      case "set-password" -> setPassword(command[1], line.split(" ", 3)[2]);
      case "allow" -> allow(command[1], command[2], command[3], command[4], command[5]);
      case "produce" -> produce(command[1], Integer.parseInt(command[2]), Integer.parseInt(command[3]));
      case "rows" -> rows(command[1]);
      case "fill" -> fill(command[1], Integer.parseInt(command[2]), Integer.parseInt(command[3]), line.split(" ", 5)[4]);
      case "examine" -> examine(command[1], Integer.parseInt(command[2]), line.split(" ", 4)[3]);
      case "consume" -> consume(command[1], command[2]);
      default -> throw new IllegalArgumentException("no such command: " + command[0]);
    };
  }

  private interface AdminAct {
    Object on(Admin admin) throws ExecutionException, InterruptedException;
  }

  private Object withAdmin(AdminAct act) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(properties)) {
      return act.on(admin);
    }
  }

  private Object createTopic(String name, int partitions) throws ExecutionException, InterruptedException {
    NewTopic topic = new NewTopic(name, partitions, (short) 1);
    return withAdmin(admin -> admin.createTopics(List.of(topic)).all().get());
  }

  private Object alterTopic(String name) throws ExecutionException, InterruptedException {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
    AlterConfigOp retention = new AlterConfigOp(new ConfigEntry("retention.ms", "1"), AlterConfigOp.OpType.SET);
    Map<ConfigResource, Collection<AlterConfigOp>> changes = Map.of(topic, List.of(retention));
    return withAdmin(admin -> admin.incrementalAlterConfigs(changes).all().get());
  }

  private Object setPassword(String user, String password) throws ExecutionException, InterruptedException {
    ScramCredentialInfo kind = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, SCRAM_ITERATIONS);
    UserScramCredentialUpsertion change = new UserScramCredentialUpsertion(user, kind, password);
    return withAdmin(admin -> admin.alterUserScramCredentials(List.of(change)).all().get());
  }

  /** Such as: allow reader READ TOPIC LITERAL orders. */
  private Object allow(String user, String operation, String kind, String pattern, String name)
      throws ExecutionException, InterruptedException {
    ResourcePattern resource =
        new ResourcePattern(ResourceType.valueOf(kind), name, PatternType.valueOf(pattern));
    AccessControlEntry entry =
        new AccessControlEntry("User:" + user, "*", AclOperation.valueOf(operation), AclPermissionType.ALLOW);
    return withAdmin(admin -> admin.createAcls(List.of(new AclBinding(resource, entry))).all().get());
  }

  /** Rows with the numbers from the first to the last; number n into partition n modulo their count. */
  private int produce(String topic, int first, int last) throws ExecutionException, InterruptedException {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
      int partitions = producer.partitionsFor(topic).size();
      List<Future<?>> sent = new ArrayList<>();
      for (int n = first; n <= last; n++) {
        sent.add(producer.send(new ProducerRecord<>(topic, n % partitions, null, "{\"n\":" + n + "}")));
      }
      producer.flush();
      for (Future<?> each : sent) each.get();
      return sent.size();
    }
  }

  /** The same of rows by a template; {n} in it stands for the number, {n%7} for its remainder. */
  private int fill(String topic, int first, int last, String template) {
    List<Exception> problems = Collections.synchronizedList(new ArrayList<>());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
      int partitions = producer.partitionsFor(topic).size();
      for (int n = first; n <= last; n++) {
        producer.send(
            new ProducerRecord<>(topic, n % partitions, null, filled(template, n)),
            (metadata, problem) -> {
              if (problem != null) problems.add(problem);
            });
      }
      producer.flush();
    }
    if (!problems.isEmpty()) throw new KafkaException(problems.get(0));
    return last - first + 1;
  }

  private static String filled(String template, int n) {
    return PLACE.matcher(template)
        .replaceAll(found -> String.valueOf(found.group(1) == null ? n : n % Integer.parseInt(found.group(1))));
  }

  /**
   * Compares all rows of a topic, whose first number is theirs, with those by a template of the numbers from 1 to the last:
   * how many rows there are, and how many are missing, there twice, and none of these.
   */
  private String examine(String topic, int last, String template) {
    BitSet seen = new BitSet(last + 1);
    int[] counts = new int[3];
    forEachRow(
        topic,
        row -> {
          counts[0]++;
          Matcher number = NUMBER.matcher(row);
          int n = number.find() ? Integer.parseInt(number.group()) : 0;
          if (n < 1 || n > last || !row.equals(filled(template, n))) counts[2]++;
          else if (seen.get(n)) counts[1]++;
          else seen.set(n);
        });
    return counts[0] + " " + (last - seen.cardinality()) + " " + counts[1] + " " + counts[2];
  }

  private String rows(String topic) {
    List<String> numbers = new ArrayList<>();
    forEachRow(topic, row -> numbers.add(row.replaceAll("\\D", "")));
    return String.join(" ", numbers);
  }

  /** All rows that are there when it is asked, but for those of transactions that are not complete. */
  private void forEachRow(String topic, Consumer<String> visit) {
    try (KafkaConsumer<String, String> consumer = consumer(null)) {
      List<TopicPartition> partitions =
          IntStream.range(0, consumer.partitionsFor(topic).size())
              .mapToObj(partition -> new TopicPartition(topic, partition))
              .collect(Collectors.toList());
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        consumer.poll(Duration.ofMillis(500)).forEach(row -> visit.accept(row.value()));
      }
    }
  }

  /** How many rows come first, as a member of a group. */
  private int consume(String topic, String group) {
    try (KafkaConsumer<String, String> consumer = consumer(group)) {
      consumer.subscribe(List.of(topic));
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < end) {
        int rows = consumer.poll(Duration.ofMillis(500)).count();
        if (rows > 0) return rows;
      }
      return 0;
    }
  }

  private KafkaConsumer<String, String> consumer(String group) {
    Properties own = new Properties();
    own.putAll(properties);
    own.put("auto.offset.reset", "earliest");
    own.put("isolation.level", "read_committed");
    if (group != null) own.put("group.id", group);
    return new KafkaConsumer<>(own, new StringDeserializer(), new StringDeserializer());
  }
}
