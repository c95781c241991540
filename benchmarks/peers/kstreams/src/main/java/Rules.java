import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.nio.ByteBuffer;
import java.util.Random;

/** The job of benchmarks/jbench/rules.py, for the JVM. */
class Rules {
  enum Channel { phone, chat, email, web, app, branch }
  enum Reason { billing, delivery, login, outage, contract, other }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Contact.class, name = "support_contact"),
    @JsonSubTypes.Type(value = Transfer.class, name = "transfer"),
    @JsonSubTypes.Type(value = Billing.class, name = "billing"),
    @JsonSubTypes.Type(value = Onboarding.class, name = "onboarding"),
    @JsonSubTypes.Type(value = Escalation.class, name = "escalation")
  })
  sealed interface Touchpoint {
    String event_id();
    String customer_id();
    long ts();
  }

  record Contact(String event_id, String customer_id, long ts, Channel channel, int schema_version,
      String case_id, Reason reason, int handle_s, int wait_s, boolean resolved, Double sentiment)
      implements Touchpoint {}
  record Transfer(String event_id, String customer_id, long ts, Channel channel, int schema_version,
      String case_id, String from_queue, String to_queue, int hold_s) implements Touchpoint {}
  record Billing(String event_id, String customer_id, long ts, Channel channel, int schema_version,
      String invoice_id, int amount, String status) implements Touchpoint {}
  record Onboarding(String event_id, String customer_id, long ts, Channel channel,
      int schema_version, String step, String status, int duration_s) implements Touchpoint {}
  record Escalation(String event_id, String customer_id, long ts, Channel channel,
      int schema_version, int level) implements Touchpoint {}

  static final ObjectReader READER = JsonMapper.builder()
      .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
      .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
      .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
      .withCoercionConfig(LogicalType.Textual,
          c -> c.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
      .build().readerFor(Touchpoint.class);

  static final double DECAY = -Math.log(2) / 259200;
  static final int RECENT_MAX = 20;

  double effort;
  long last;
  boolean armed = true;
  int n;
  int count;
  final long[] when = new long[RECENT_MAX + 1];
  final byte[] why = new byte[RECENT_MAX + 1];
  byte[] pad;
  boolean repeat;

  static Rules fresh(String customer, int padBytes) {
    Rules kept = new Rules();
    kept.pad = new byte[padBytes];
    new Random(customer.hashCode()).nextBytes(kept.pad);
    return kept;
  }

  static Rules unpack(byte[] held) {
    ByteBuffer in = ByteBuffer.wrap(held);
    Rules kept = new Rules();
    kept.effort = in.getDouble();
    kept.last = in.getLong();
    kept.armed = in.get() == 1;
    kept.n = in.getInt();
    kept.count = in.get();
    for (int i = 0; i < kept.count; i++) {
      kept.when[i] = in.getLong();
      kept.why[i] = in.get();
    }
    kept.pad = new byte[in.remaining()];
    in.get(kept.pad);
    return kept;
  }

  byte[] pack() {
    ByteBuffer out = ByteBuffer.allocate(22 + 9 * count + pad.length);
    out.putDouble(effort).putLong(last).put((byte) (armed ? 1 : 0)).putInt(n).put((byte) count);
    for (int i = 0; i < count; i++) {
      out.putLong(when[i]).put(why[i]);
    }
    return out.put(pad).array();
  }

  /** Folds one touchpoint in; true if it is an alert ({@code effort} and {@code repeat} say what). */
  boolean step(Touchpoint touchpoint) {
    long ts = touchpoint.ts();
    repeat = false;
    effort = n == 0 ? 0 : effort * Math.exp(DECAY * (ts - last));
    if (touchpoint instanceof Contact contact) {
      effort += 2.0 + contact(ts, (byte) contact.reason().ordinal());
    } else if (touchpoint instanceof Transfer) {
      effort += 1.5;
    } else if (touchpoint instanceof Billing) {
      effort += 1.0;
    } else if (touchpoint instanceof Onboarding) {
      effort += 0.5;
    } else {
      effort += 9.0;
    }
    last = ts;
    n += 1;
    if (effort >= 8 && armed) {
      armed = false;
      return true;
    }
    if (effort < 6) {
      armed = true;
    }
    return false;
  }

  private double contact(long ts, byte reason) {
    int from = 0;
    while (from < count && ts - when[from] > 604800) {
      from++;
    }
    for (int i = from; i < count; i++) {
      repeat |= why[i] == reason;
    }
    int kept = count - from;
    int drop = kept == RECENT_MAX ? from + 1 : from;
    count -= drop;
    System.arraycopy(when, drop, when, 0, count);
    System.arraycopy(why, drop, why, 0, count);
    when[count] = ts;
    why[count++] = reason;
    return repeat ? 1.0 : 0.0;
  }

  String alert(Touchpoint touchpoint) {
    return "{\"customer_id\":\"" + touchpoint.customer_id() + "\",\"event_id\":\""
        + touchpoint.event_id() + "\",\"ts\":" + touchpoint.ts() + ",\"score\":" + effort
        + ",\"repeat\":" + repeat + "}";
  }
}
