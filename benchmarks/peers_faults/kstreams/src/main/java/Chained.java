import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** The same job as faust_app.py: arguments BROKER GROUP SOURCE ALERTS GUARANTEE. */
public class Chained {
  static final long PRIME = 1099511628211L;

  static class Count implements Processor<String, byte[], String, String> {
    private ProcessorContext<String, String> context;
    private KeyValueStore<String, String> chains;

    @Override
    public void init(ProcessorContext<String, String> given) {
      context = given;
      chains = context.getStateStore("chains");
    }

    @Override
    public void process(Record<String, byte[]> record) {
      String held = chains.get(record.key());
      long n = 0;
      long chain = 0;
      if (held != null) {
        String[] parts = held.split(" ");
        n = Long.parseLong(parts[0]);
        chain = Long.parseUnsignedLong(parts[1]);
      }
      n += 1;
      chain = chain * PRIME + context.recordMetadata().get().offset() + 1;
      String kept = n + " " + Long.toUnsignedString(chain);
      chains.put(record.key(), kept);
      if (n % 10 == 0) {
        context.forward(new Record<>(record.key(), kept, record.timestamp()));
      }
    }
  }

  public static void main(String[] args) throws InterruptedException {
    Properties settings = new Properties();
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, args[1]);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, args[4]);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, "state");
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6000);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1500);

    Topology topology = new Topology();
    topology.addSource("source", Serdes.String().deserializer(), Serdes.ByteArray().deserializer(), args[2]);
    topology.addProcessor("count", Count::new, "source");
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore("chains"), Serdes.String(), Serdes.String()),
        "count");
    topology.addSink("alerts", args[3], new StringSerializer(), new StringSerializer(), "count");

    KafkaStreams streams = new KafkaStreams(topology, settings);
    CountDownLatch ended = new CountDownLatch(1);
    streams.setStateListener((now, before) -> {
      if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
        ended.countDown();
      }
    });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(10))));
    streams.start();
    ended.await();
    Runtime.getRuntime().halt(streams.state() == KafkaStreams.State.ERROR ? 1 : 0);
  }
}
