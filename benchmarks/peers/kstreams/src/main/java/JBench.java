import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** J-bench on Kafka Streams: BROKER GROUP SOURCE ALERTS DLQ PAD GUARANTEE STORE CACHE. */
public class JBench {
  static class Judge implements Processor<String, byte[], String, byte[]> {
    private final int padBytes;
    private ProcessorContext<String, byte[]> context;
    private KeyValueStore<String, byte[]> store;

    Judge(int padBytes) {
      this.padBytes = padBytes;
    }

    @Override
    public void init(ProcessorContext<String, byte[]> given) {
      context = given;
      store = context.getStateStore("kept");
    }

    @Override
    public void process(Record<String, byte[]> record) {
      Rules.Touchpoint touchpoint;
      try {
        touchpoint = Rules.READER.readValue(record.value());
      } catch (IOException unreadable) {
        context.forward(record, "dead");
        return;
      }
      byte[] held = store.get(record.key());
      Rules kept = held == null ? Rules.fresh(record.key(), padBytes) : Rules.unpack(held);
      boolean alert = kept.step(touchpoint);
      store.put(record.key(), kept.pack());
      if (alert) {
        byte[] value = kept.alert(touchpoint).getBytes(StandardCharsets.UTF_8);
        context.forward(record.withValue(value), "alerts");
      }
    }
  }

  public static void main(String[] args) throws InterruptedException {
    Properties settings = new Properties();
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, args[1]);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, args[6]);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, "state");
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 256L << 20);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 30000);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 5000);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 1 << 20);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "snappy");

    StoreBuilder<KeyValueStore<String, byte[]>> store = Stores.keyValueStoreBuilder(
        args[7].equals("rocksdb")
            ? Stores.persistentKeyValueStore("kept") : Stores.inMemoryKeyValueStore("kept"),
        Serdes.String(), Serdes.ByteArray()).withLoggingEnabled(Map.of());
    store = args[8].equals("cache") ? store.withCachingEnabled() : store.withCachingDisabled();

    var string = Serdes.String();
    var bytes = Serdes.ByteArray();
    Topology topology = new Topology();
    topology.addSource("source", string.deserializer(), bytes.deserializer(), args[2]);
    topology.addProcessor("judge", () -> new Judge(Integer.parseInt(args[5])), "source");
    topology.addStateStore(store, "judge");
    topology.addSink("alerts", args[3], string.serializer(), bytes.serializer(), "judge");
    topology.addSink("dead", args[4], string.serializer(), bytes.serializer(), "judge");

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
